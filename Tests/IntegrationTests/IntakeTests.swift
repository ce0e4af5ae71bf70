import Foundation
import JobEngine
import Messaging
import Persistence
import Studies
import TestSupport
import Testing

extension RunningSystemTests {
    /// What a hospital's message has for an answer, and that one sender's trouble stays its own.
    @Suite struct IntakeTests {
        private static func study(
            _ id: String, _ tenant: Tenant, source: String = "ris/ward-3", path: String = "/nowhere/a",
            replyTo: String? = nil, correlationID: String? = nil
        ) throws -> OutgoingMessage {
            try StudySubmission(
                sender: IntakeSender(
                    tenant: tenant, source: source, messageID: id, replyTo: replyTo, correlationID: correlationID),
                order: StudyOrder(pipeline: .segment), path: path
            ).message()
        }

        private static func studies(of tenant: Tenant, _ system: RunningSystem) async throws -> Int {
            try await system.rows(
                "test-count", "SELECT count(*) AS count FROM columna.studies WHERE tenant = $1", .text(tenant))[0]
                .integer("count")
        }

        private static func last(_ answers: [(type: String, delivery: Delivery)]) -> [String] {
            answers.map { $0.type.replacing("dev.columna.study.", with: "").replacing(".v1", with: "") }
        }

        private static func withQueue(
            _ name: String, _ arguments: [String: HeaderValue] = [:], _ body: () async throws -> Void
        ) async throws {
            let system = try await RunningSystem.shared
            try await system.withSession { try await $0.declare(QueueDeclaration(name: name, arguments: arguments)) }
            try await body()
            try await system.withSession { try await $0.deleteQueue(name) }
        }

        // MARK: Refusals

        /// rabbitmq/rabbitmq-website#2207, rabbitmq/rabbitmq-server#1889, celery/celery#1825: properties of bytes that
        /// are no UTF-8, before twenty good studies. All wait before the intake comes.
        @Test func messagesThatCannotBePublishedAgainTakeNoOthersAlong() async throws {
            let (system, tenant) = (try await RunningSystem.shared, "poison" as Tenant)
            let proxy = try TCPProxy(to: system.broker.port, spoiling: "~~~~")
            defer { proxy.close() }
            var url = system.broker
            url.port = proxy.port
            let spoilt = String(repeating: "~~~~", count: 63)
            try await system.stopWorker(.ingestion)
            let sloppy = try await Publisher.connect(url)
            for number in 0..<8 {
                var message = try Self.study("wrong-\(number)", tenant)
                if number.isMultiple(of: 2) {
                    message.properties.messageID = spoilt
                } else {
                    (message.properties.contentType, message.body) = (spoilt, [0x7B])
                }
                #expect(try await sloppy.publish([message]) == [.confirmed])
            }
            await sloppy.close()
            let good = try (1...20).map { try Self.study("good-\($0)", tenant, path: "/nowhere/\($0)") }
            #expect(try await system.publish(good).allSatisfy { $0 == .confirmed })
            try await system.startWorkers()
            try await eventually("all good studies are there") {
                try await Self.studies(of: tenant, system) == 20 ? true : nil
            }
            let dead = try await system.withSession { try await $0.browse("columna.dead", limit: 10_000) }
            #expect(
                !dead.contains {
                    $0.routingKey == "study.submitted.\(tenant)" && $0.properties.headers["x-death"] != nil
                }, "the broker gave up nobody")
            let refused = try await system.store.jobs(JobFilter(states: [.dead], tenant: tenant)).filter {
                $0.failure?.code.hasPrefix("message-") == true
            }
            #expect(Set(refused.compactMap(\.failure?.code)) == ["message-invalid-value", "message-not-json"])
            #expect(refused.contains { $0.failure?.reason.contains("message_id has bytes that are no UTF-8") == true })
            #expect(
                dead.count { letter in
                    refused.contains { letter.properties.headers["x-columna-job"]?.text == $0.id.description }
                } == refused.count)
        }

        @Test func aRefusalIsAnsweredWithItsReason() async throws {
            let (system, queue) = (try await RunningSystem.shared, "test.refused")
            try await Self.withQueue(queue) {
                var message = try Self.study("twice", "refused", replyTo: queue, correlationID: "c-1")
                message.body = Array(
                    #"{"specversion": "1.0", "id": "twice", "source": "s", "source": "t", "type": "dev.columna.study.submitted.v1", "data": {"path": "/a"}}"#
                        .utf8)
                // The second time it is no news, but is answered.
                for count in 1...2 {
                    #expect(try await system.publish(message) == .confirmed)
                    let answer = try await eventually("answer \(count) arrives") {
                        let answers = try await system.answers(queue)
                        return answers.count == count ? answers.last : nil
                    }
                    #expect(
                        answer.type == "dev.columna.study.refused.v1"
                            && answer.delivery.properties.correlationID == "c-1")
                    let refusal = try JSONDecoder().decode(
                        Answer<StudyAnswer.Refusal>.self, from: Data(answer.delivery.body)
                    ).data
                    #expect(
                        refusal.tenant == "refused" && refusal.failure.code == "message-duplicate-member"
                            && refusal.failure.reason.contains("/source"))
                    #expect(
                        try await system.store.jobs(JobFilter(states: [.dead], tenant: "refused")).map(\.id.description)
                            == [refusal.job])
                }
            }
        }

        @Test func whoWaitsForAStudyIsToldThatItsMessageWasRefused() async throws {
            let system = try await RunningSystem.shared
            let site = system.inputs.appending(path: "site-of-refusals.yaml")
            try Data("tenants: {local: {reply-queues: [local.results]}}".utf8).write(to: site)
            try await system.withIngestion(environment: ["COLUMNA_SITE": site.path]) {
                let done = try await system.columna([
                    "submit", "/nowhere/a", "--reply", "ward.results", "--wait", "--timeout", "120",
                ])
                #expect(
                    done.status == 65 && done.errors.contains("was refused: the property reply_to names a queue"),
                    "\(done.errors)")
            }
        }

        /// What an older intake refused, a newer one may take.
        @Test func aRefusedMessageIsReplayedFromItsJobAndFromTheDeadLetterQueue() async throws {
            let (system, tenant) = (try await RunningSystem.shared, "replayed" as Tenant)
            var message = try Self.study("r", tenant)
            message.body = Array("{".utf8)
            for arguments in [["replay"], ["requeue", "--tenant", tenant.rawValue]] {
                #expect(try await system.publish(message) == .confirmed)
                let job = try await eventually("the message is refused") {
                    try await system.store.jobs(JobFilter(states: [.dead], tenant: tenant)).first
                }
                try await eventually("its copy lies among the dead letters") {
                    try await system.withSession { try await $0.browse("columna.dead", limit: 10_000) }.first {
                        $0.properties.headers["x-columna-job"]?.text == job.id.description
                    }
                }
                let shown = try await system.columna(["dead", "show", job.id.description])
                #expect(shown.status == 0 && shown.output.contains("columna dead replay \(job.id)"), "\(shown.errors)")
                let done = try await system.columna(
                    ["dead"] + (arguments == ["replay"] ? ["replay", job.id.description] : arguments))
                let told =
                    arguments == ["replay"]
                    ? "its message was put back to the intake, this dead job is discarded" : "1 message put back"
                #expect(done.status == 0 && done.output.contains(told), "\(done.output)\(done.errors)")
                #expect(try await system.store.job(job.id)?.state == .cancelled)
                // It is as wrong as before, and that is seen.
                let again = try await eventually("it is refused again") {
                    try await system.store.jobs(JobFilter(states: [.dead], tenant: tenant)).first
                }
                #expect(again.id != job.id && again.failure == job.failure)
                _ = try await system.store.discardDeadJob(again.id, actor: "test")
            }
        }

        /// Project-MONAI/monai-deploy-informatics-gateway#184: what the broker gave up comes back with one command.
        @Test func whatTheBrokerGaveUpIsPutBackWhereItCameFrom() async throws {
            let (system, tenant) = (try await RunningSystem.shared, "given-up" as Tenant)
            try await system.stopWorker(.ingestion)
            #expect(try await system.publish(try Self.study("g", tenant)) == .confirmed)
            let session = try await BrokerSession.connect(system.broker, name: "test")
            try await eventually("the broker gives it up") {
                // Each look counts as a delivery.
                _ = try await session.browse("columna.intake", limit: 10)
                return try await session.browse("columna.dead", limit: 10_000).contains {
                    $0.routingKey == "study.submitted.\(tenant)"
                } ? true : nil
            }
            await session.close()
            try await system.startWorkers()
            let done = try await system.columna(["dead", "requeue", "--given-up", "--tenant", tenant.rawValue])
            #expect(done.status == 0 && done.output.contains("1 message put back"), "\(done.output)\(done.errors)")
            #expect(
                try await system.endedStudy(messageID: "g", tenant: tenant).state == .dead,
                "its path does not exist, which only ingestion can have found out")
            #expect(
                try await system.withSession { try await $0.browse("columna.dead", limit: 10_000) }.contains {
                    $0.routingKey == "study.submitted.\(tenant)"
                } == false)
        }

        @Test func aMessageOfAWrongVerbIsListedWithTheKeyThatIsExpected() async throws {
            let (system, expected) = (try await RunningSystem.shared, "expected study.submitted.TENANT")
            var message = try Self.study("stray", "stray")
            message.routingKey = "study.submit.stray"
            #expect(try await system.publish(message) == .confirmed)
            let listed = try await system.columna(["dead", "list", "--messages", "--limit", "10000", "--json"])
            #expect(
                listed.output.contains("invalid-routing-key") && listed.output.contains(expected),
                "\(listed.output)\(listed.errors)")
            let back = try await system.columna(["dead", "requeue", "--tenant", "stray"])
            #expect(back.status == 1 && back.errors.contains(expected), "\(back.errors)")
            try await system.withSession { session in
                // Those before it go back when the session ends.
                while let letter = try await session.take(from: "columna.dead") {
                    if letter.routingKey == message.routingKey { return try await session.acknowledge(letter) }
                }
            }
        }

        // MARK: Identity

        /// cloudevents/spec#331, #391: source and id together name an event.
        @Test func theSameIdOfTwoWardsIsTwoStudies() async throws {
            let (system, tenant) = (try await RunningSystem.shared, "two-wards" as Tenant)
            for ward in ["ris/ward-3", "ris/ward-4"] {
                #expect(
                    try await system.publish(try Self.study("order-1", tenant, source: ward, path: "/nowhere/\(ward)"))
                        == .confirmed)
            }
            try await eventually("both are there") { try await Self.studies(of: tenant, system) == 2 ? true : nil }
        }

        @Test func theSameEventWithOtherContentIsRefusedAndTheStudyStays() async throws {
            let (system, tenant, queue) = (
                try await RunningSystem.shared, "contradiction" as Tenant, "test.contradiction"
            )
            try await Self.withQueue(queue) {
                #expect(try await system.publish(try Self.study("order-1", tenant, path: "/nowhere/a")) == .confirmed)
                #expect(
                    try await system.publish(try Self.study("order-1", tenant, path: "/nowhere/b", replyTo: queue))
                        == .confirmed)
                let answer = try await eventually("the answer arrives") { try await system.answers(queue).first }
                #expect(answer.type == "dev.columna.study.refused.v1")
                let refusal = try JSONDecoder().decode(
                    Answer<StudyAnswer.Refusal>.self, from: Data(answer.delivery.body)
                ).data
                #expect(refusal.failure.code == "message-contradiction" && refusal.id == "order-1")
                #expect(try await Self.studies(of: tenant, system) == 1)
            }
        }

        // MARK: Answers

        /// Project-MONAI/monai-deploy-informatics-gateway#184: who lost the answer asks again.
        @Test func aRepeatWithANewReplyQueueGetsTheResult() async throws {
            let (system, tenant) = (try await RunningSystem.shared, "again" as Tenant)
            try await Self.withQueue("test.first") {
                try await Self.withQueue("test.second") {
                    #expect(try await system.publish(try Self.study("a", tenant, replyTo: "test.first")) == .confirmed)
                    try await eventually("the result arrives") {
                        Self.last(try await system.answers("test.first")) == ["accepted", "dead"] ? true : nil
                    }
                    #expect(
                        try await system.publish(
                            try Self.study("a", tenant, replyTo: "test.second", correlationID: "late")) == .confirmed)
                    let answer = try await eventually("the result arrives again") {
                        try await system.answers("test.second").first
                    }
                    #expect(
                        answer.type == "dev.columna.study.dead.v1" && answer.delivery.properties.correlationID == "late"
                    )
                    #expect(try await Self.studies(of: tenant, system) == 1)
                }
            }
        }

        @Test func eventsOfATenantCanBeBoundAloneAndComeOnceToWhoBindsAll() async throws {
            let (system, tenant) = (try await RunningSystem.shared, "own-events" as Tenant)
            let bindings = [
                "test.own": ["study.*.\(tenant)", "job.*.*.\(tenant)"], "test.studies": ["study.*", "study.#"],
            ]
            for (queue, keys) in bindings {
                try await system.withSession { session in
                    try await session.declare(QueueDeclaration(name: queue, arguments: [:]))
                    for key in keys { try await session.bind(queue, to: "columna.events", routingKey: key) }
                }
            }
            for name in [tenant, "others-events"] {
                #expect(try await system.publish(try Self.study("e", name)) == .confirmed)
            }
            func tenants(_ queue: String) async throws -> [Tenant] {
                struct Content: Decodable { var tenant: Tenant }
                return try await system.answers(queue).filter { $0.type.contains(".study.") }.compactMap {
                    try JSONDecoder().decode(Answer<Content>.self, from: Data($0.delivery.body)).data.tenant
                }
            }
            try await eventually("both studies are announced") {
                try await Set(tenants("test.studies")).isSuperset(of: [tenant, "others-events"]) ? true : nil
            }
            #expect(try await tenants("test.studies").filter { $0 == tenant } == [tenant])
            try await eventually("and the tenant's to the tenant") {
                try await tenants("test.own") == [tenant] ? true : nil
            }
            for queue in bindings.keys { try await system.withSession { try await $0.deleteQueue(queue) } }
        }

        /// The queue of a ward whose reader is off, and full.
        @Test func aFullReplyQueueHoldsUpNobodyElseAndLosesNothing() async throws {
            let (system, full, other) = (try await RunningSystem.shared, "test.full", "test.other")
            let limits: [String: HeaderValue] = [
                "x-queue-type": "classic", "x-max-length": 1, "x-overflow": "reject-publish",
            ]
            try await Self.withQueue(full, limits) {
                try await Self.withQueue(other) {
                    // Until it is full: what it holds is one message, or a few (the limit of a queue is not exact).
                    try await eventually("the queue is full") {
                        try await system.publish(
                            OutgoingMessage(exchange: "", routingKey: full, body: Array("{\"type\": \"filler\"}".utf8)))
                            == .rejected ? true : nil
                    }
                    let fillers = try await system.answers(full).count
                    // More than one batch of the relay.
                    let stuck = try (1...600).map {
                        try Self.study("stuck-\($0)", "off", path: "/nowhere/\($0)", replyTo: full)
                    }
                    #expect(try await system.publish(stuck).allSatisfy { $0 == .confirmed })
                    try await eventually("its answers are refused") {
                        try await system.store.refusedReplies(tenant: nil, limit: 10_000).count >= 600 ? true : nil
                    }
                    #expect(try await system.publish(try Self.study("free", "on", replyTo: other)) == .confirmed)
                    try await eventually("the other tenant is answered") {
                        Self.last(try await system.answers(other)) == ["accepted", "dead"] ? true : nil
                    }
                    try await eventually("all studies end: wake-ups go out") {
                        try await system.rows(
                            "test-ended",
                            "SELECT count(*) AS count FROM columna.studies WHERE tenant = 'off' AND state <> 'submitted'"
                        )[0].integer("count") == 600 ? true : nil
                    }
                    try await eventually("every answer is refused, and none lost") {
                        try await system.store.refusedReplies(tenant: nil, limit: 10_000).count == 1200 ? true : nil
                    }
                    let listed = try await system.columna(["dead", "list", "--replies", "--limit", "1"])
                    #expect(listed.status == 0 && listed.output.contains(full), "\(listed.errors)")

                    // An answer that is offered while there is no queue reaches nobody and is let go of, as it must be.
                    try await system.withoutWorkers {
                        try await system.withSession { session in
                            try await session.deleteQueue(full)
                            try await session.declare(QueueDeclaration(name: full, arguments: [:]))
                        }
                    }
                    #expect(fillers >= 1)
                    let again = try await system.columna(["dead", "requeue", "--replies", "--queue", full])
                    // Some may have been offered again of their own accord by now; and one may come twice, under the
                    // same message id.
                    #expect(
                        again.status == 0 && again.output.contains("answers will be tried again"),
                        "\(again.output)\(again.errors)")
                    try await eventually("all of them arrive") {
                        try await system.withSession { try await $0.messageCount(of: full) } >= 1200 ? true : nil
                    }
                    #expect(try await system.store.refusedReplies(tenant: nil, limit: 10_000).isEmpty)
                }
            }
        }

        // MARK: The database

        /// As after a failover to a standby, or at a managed server's limit.
        @Test func whileTheDatabaseIsReadOnlyStudiesWaitAndThenAllAreTaken() async throws {
            let (system, tenant) = (try await RunningSystem.shared, "read-only" as Tenant)
            try await Self.setReadOnly(true, system)
            let messages = try (1...100).map { try Self.study("w-\($0)", tenant, path: "/nowhere/\($0)") }
            let outcome: Result<Void, any Error>
            do {
                let waits = try Self.waits(system)
                #expect(try await system.publish(messages).allSatisfy { $0 == .confirmed })
                try await eventually("the intake has tried one message more often than the broker would") {
                    try Self.waits(system) > waits + Topology.deliveryLimit ? true : nil
                }
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            try await Self.setReadOnly(false, system)
            try outcome.get()
            try await eventually("all are there") { try await Self.studies(of: tenant, system) == 100 ? true : nil }
            let dead = try await system.withSession { try await $0.browse("columna.dead", limit: 10_000) }
            #expect(!dead.contains { $0.routingKey == "study.submitted.\(tenant)" })
        }

        /// Prefetch is 1: a message that is tried for ever would hold up everybody's intake. P0001, as of a trigger of
        /// the site's own.
        @Test func whatARuleOfTheDatabaseRefusesIsADeadJobAndTheNextIsTaken() async throws {
            let (system, tenant) = (try await RunningSystem.shared, "ruled" as Tenant)
            func run(_ script: String) async throws {
                try await system.pool.withConnection { try await $0.runScript(script, name: "test-rule") }
            }
            try await run(
                """
                CREATE FUNCTION columna.test_rule() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
                CREATE TRIGGER test_rule BEFORE INSERT ON columna.studies FOR EACH ROW WHEN (NEW.message_id = 'ruled-out') EXECUTE FUNCTION columna.test_rule();
                """)
            let outcome: Result<Void, any Error>
            do {
                #expect(
                    try await system.publish(["ruled-out", "next"].map { try Self.study($0, tenant) }).allSatisfy {
                        $0 == .confirmed
                    })
                try await eventually("the next is there") {
                    try await Self.studies(of: tenant, system) == 1 ? true : nil
                }
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            try await run("DROP FUNCTION columna.test_rule() CASCADE")
            try outcome.get()
            let refused = try await system.store.jobs(JobFilter(states: [.dead], tenant: tenant)).compactMap(
                \.failure?.code
            ).filter { $0.hasPrefix("message-") }
            #expect(refused == ["message-not-storable"])
        }

        private static func waits(_ system: RunningSystem) throws -> Int {
            try system.logs().components(separatedBy: "a message waits").count
        }

        private static func setReadOnly(_ isReadOnly: Bool, _ system: RunningSystem) async throws {
            try await system.pool.withConnection { connection in
                try await connection.runScript(
                    "ALTER SYSTEM SET default_transaction_read_only = \(isReadOnly ? "on" : "off")",
                    name: "test-read-only")
                try await connection.runScript("SELECT pg_reload_conf()", name: "test-reload")
            }
        }
    }
}

private struct Answer<Content: Decodable>: Decodable {
    var data: Content
}
