/// Whose an object is, as far as it says; never shown.
///
/// Structure sets and reports often come without a patient's identifier: what is not said speaks for no other patient.
struct PatientIdentity: Sendable, Hashable {
    let identifier: String?
    /// Without the differences that writers make: case, and what stands between and behind the parts.
    let name: String?
    let study: String

    /// Nil where the object names nobody.
    init?(identifier: String?, name: String?, study: String) {
        let plain = name.map(PatientIdentity.plain).flatMap { $0.isEmpty ? nil : $0 }
        guard identifier != nil || plain != nil else { return nil }
        self.identifier = identifier
        self.name = plain
        self.study = study
    }

    /// The alphabetic group of a name where there is one (PS3.5, 6.2.1.1).
    private static func plain(_ name: String) -> String {
        let group = name.split(separator: "=").first ?? ""
        return group.uppercased().split { $0 == "^" || $0 == " " }.joined(separator: " ")
    }

    /// Whether the two are of different patients: by their identifiers, else by their names, else by their studies.
    func contradicts(_ other: PatientIdentity) -> Bool {
        if let one = identifier, let two = other.identifier { return one != two }
        if let one = name, let two = other.name { return one != two }
        return study != other.study
    }

    /// The smallest number of patients that the objects can be of.
    static func count(_ identities: Set<PatientIdentity>) -> Int {
        var patients: [PatientIdentity] = []
        for identity in identities.sorted(by: { $0.identifier != nil && $1.identifier == nil })
        where patients.allSatisfy(identity.contradicts) {
            patients.append(identity)
        }
        return patients.count
    }
}
