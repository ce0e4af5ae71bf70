import Foundation
import JobEngine
import Messaging
import Studies
import Testing

extension RunningSystemTests {
    @Suite struct IntakeOutageTests {
        /// A message given back to the broker counts as delivered, and a few such returns would dead-letter every study
        /// that arrives while PostgreSQL restarts.
        @Test func messagesWaitForTheDatabaseAndAreNotTakenForPoison() async throws {
            let system = try await RunningSystem.shared
            let tenant: Tenant = "outage"
            let messages = try (1...20).map { number in
                try StudySubmission(
                    sender: IntakeSender(tenant: tenant, source: "tests", messageID: "outage-\(number)"),
                    order: StudyOrder(pipeline: .segment),
                    path: system.inputs.appending(path: "not-there-\(number)").path
                ).message()
            }
            let waits = try Self.waits(system)
            try await system.killDatabase()
            #expect(try await system.publish(messages).allSatisfy { $0 == .confirmed })
            // Longer than the broker's delivery limit would last.
            try await eventually("the intake has tried one message more often than the broker would") {
                try Self.waits(system) > waits + Topology.deliveryLimit ? true : nil
            }
            try await system.startWorkers()
            for number in 1...20 {
                let study = try await system.endedStudy(messageID: "outage-\(number)", tenant: tenant)
                #expect(study.state == .dead, "its path does not exist, which only ingestion can have found out")
            }
            let dead = try await system.withSession { try await $0.browse("columna.dead", limit: 10_000) }
            #expect(!dead.contains { ($0.properties.messageID ?? "").hasPrefix("outage-") })
        }

        private static func waits(_ system: RunningSystem) throws -> Int {
            try system.logs().components(separatedBy: "a message waits").count
        }
    }
}
