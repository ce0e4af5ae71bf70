/// What a study, a series or an instance goes by in the database, so that it is recognised and not read.
package struct ArrivalKey: Sendable, Hashable {
    /// The pseudonym of its UID by the tenant's key: nobody without the site's secret can test a guess.
    package var keyed: String
    /// An unkeyed hash, by which programs of before the schema 21 know it. It is looked for; new rows get it only for as
    /// long as such programs are at work (`columna.arrivals_are_keyed`).
    package var former: String

    package init(keyed: String, former: String) {
        self.keyed = keyed
        self.former = former
    }
}
