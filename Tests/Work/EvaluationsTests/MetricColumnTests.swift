import Metrics
import Persistence
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct MetricColumnTests {
    /// The database's own words on a column: its type and its comment.
    private struct Column {
        var type: String
        var comment: String
    }

    @Test func everyMetricIsAColumnWhoseCommentNamesItsUnitAndRange() async throws {
        let sql = """
            SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type, coalesce(col_description(attrelid, attnum), '') AS comment
            FROM pg_attribute
            WHERE attrelid = 'analytics.case_metrics'::regclass AND attnum > 0
            """
        let columns = try await TemporaryDatabase.with { database async throws in
            try await database.pool.run(Statement("metric_columns", sql)()).reduce(into: [String: Column]()) {
                $0[try $1.string("name")] = Column(type: try $1.string("type"), comment: try $1.string("comment"))
            }
        }
        for metric in Metric.allCases {
            let column = try #require(
                columns[metric.rawValue], "analytics.case_metrics has no column \(metric.rawValue)")
            #expect(column.type == "double precision", "\(metric.rawValue)")
            #expect(column.comment.contains(metric.row.scale.words), "\(metric.rawValue): \(column.comment)")
        }
    }
}
