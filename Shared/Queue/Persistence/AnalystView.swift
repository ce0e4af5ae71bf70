/// A view of schema `analytics`, made again whenever its text changed: `views/case_metrics.sql`.
///
/// Its text replaces the view in place (`CREATE OR REPLACE`), so that grants and views of others on it stay; new columns
/// come last. Where a column goes or changes its type, the text begins with `DROP VIEW IF EXISTS`. A migration that takes
/// away or alters a column which a view reads drops the view in the same words: it is made again after it.
package struct AnalystView: Sendable, Equatable {
    /// `case_metrics`.
    package var name: String
    /// The view with its comments and what analysts may do with it.
    package var sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    /// Tells that the text changed.
    package var checksum: String { Migration.checksum(of: sql) }

    var fileName: String { "views/\(name).sql" }
}
