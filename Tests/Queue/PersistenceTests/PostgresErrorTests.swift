import Faults
import JobEngine
import Persistence
import Studies
import TestSupport
import Testing

@Suite struct PostgresErrorTests {
    private func error(_ sqlState: String) -> PostgresError {
        PostgresError(
            code: .statementFailed, sqlState: sqlState, statement: "s", message: "the database refused a statement")
    }

    /// SQLSTATEs of the manual's appendix A: read-only, lost connections, conflicts, locks and shutdowns pass; rights,
    /// full disks and damage are an operator's; what is wrong with a statement is ours.
    @Test(arguments: [
        ("25006", JobFailure.Class.transient), ("25P03", .transient), ("08006", .transient), ("40001", .transient),
        ("55P03", .transient),
        ("57P01", .transient), ("57P03", .transient), ("57014", .transient), ("42501", .resource), ("28000", .resource),
        ("53100", .resource),
        ("53200", .resource), ("53300", .resource), ("58030", .resource), ("58P01", .resource), ("XX001", .resource),
        ("23505", .defect),
        ("22001", .defect), ("42703", .defect), ("CL002", .defect),
    ])
    func aStateBelongsToTheClassThatWaitsAsLongAsItsMendingTakes(sqlState: String, failureClass: JobFailure.Class) {
        #expect(JobFailure(error(sqlState)).class == failureClass)
    }

    @Test(arguments: [
        ("23505", true), ("22P02", true), ("CL002", true), ("P0001", true), ("54000", true), ("25006", false),
        ("42501", false), ("42703", false),
        ("53100", false), ("57P01", false), ("58030", false), ("40P01", false),
    ])
    func onlyWhatTheValuesThemselvesDidIsTheRequestsFault(sqlState: String, isRequests: Bool) {
        #expect(error(sqlState).isRequestsFault == isRequests)
    }

    @Test func aLostConnectionIsNobodysFaultAndPasses() {
        let lost = PostgresError(
            code: .connectionLost, sqlState: "57P01", message: "the connection to the database was lost")
        #expect(JobFailure(lost).class == .transient)
        #expect(!lost.isRequestsFault)
    }
}

extension PostgresPoolTests {
    /// After a failover the pooled connections lead to what is now a standby; each next use must look for the primary
    /// anew.
    @Test(arguments: ["SET default_transaction_read_only = on", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"])
    func aConnectionThatHasBecomeReadOnlyIsReplaced(byScript script: String) async throws {
        try await TemporaryDatabase.with(connections: 1) { database async throws in
            try await database.pool.withConnection { try await $0.runScript(script, name: "close_to_writes") }
            let write = Statement("write", "CREATE TABLE t (x int)")
            let error = await #expect(throws: PostgresError.self) { _ = try await database.pool.run(write()) }
            #expect(error?.sqlState == "25006")
            #expect(error?.blame == .passing)
            _ = try await database.pool.run(write())
        }
    }

    @Test func aTransactionThatMeetsAReadOnlyServerIsUndoneAndItsConnectionReplaced() async throws {
        try await TemporaryDatabase.with(connections: 1) { database async throws in
            try await database.pool.withConnection {
                try await $0.runScript("SET default_transaction_read_only = on", name: "close_to_writes")
            }
            let write = Statement("write", "CREATE TABLE t (x int)")
            await #expect(throws: PostgresError(code: .statementFailed, sqlState: "25006", message: "")) {
                try await database.pool.transaction { transaction, _ in _ = try await transaction.run(write()) }
            }
            try await database.pool.transaction { transaction, _ in _ = try await transaction.run(write()) }
        }
    }
}
