import DICOMSeries
import Foundation
import JobEngine
import Messaging
import Storage
import Studies
import TestSupport
import Testing
import Threads
import Volumes

extension RunningSystemTests {
    /// Whatever a hospital sends that cannot be segmented ends as a dead job whose reason names the problem, with the
    /// input kept, other jobs untouched and no worker restarted.
    @Suite struct BadInputTests {
        /// Part of every path and of some messages: a name that must not travel on.
        private static let secret = "Mustermann"

        @Test(arguments: BadInput.allCases)
        func anInputThatCannotBeReadIsADeadJobThatSaysWhy(_ input: BadInput) async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.version
            let worker = try system.processID(.ingestion)
            let tenant = Tenant("bad-\(input.rawValue.lowercased())")
            let folder = system.inputs.appending(path: "\(Self.secret)-\(input.rawValue)", directoryHint: .isDirectory)
            let order = try await OwnThread.run { try input.prepare(in: folder) }
            let before = try await OwnThread.run { try Self.contents(folder) }

            try await submit(order, tenant: tenant, messageID: "bad")
            let study = try await system.endedStudy(messageID: "bad", tenant: tenant)
            #expect(study.state == .dead)
            let job = try #require(try await system.jobs(of: study).first)
            try check(job, code: input.answer.code, reason: input.answer.reason)
            #expect(try await system.jobs(of: study).count == 1)
            #expect(
                try await OwnThread.run { try Self.contents(folder) } == before, "the input stays as it was"
            )
            #expect(
                try IngestStudy(of: job).path == order.path,
                "and the job knows where")
            #expect(try worker != nil && system.processID(.ingestion) == worker, "the worker was not restarted")
        }

        @Test func whatMayNotBeReadIsNamed() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.version
            let file = system.inputs.appending(path: "\(Self.secret)-locked.nii")
            try NIfTI.write(BadInput.volume, to: file)
            let folder = system.inputs.appending(path: "\(Self.secret)-locked-slice", directoryHint: .isDirectory)
            try await OwnThread.run {
                try DICOMWriter.writeSeries(BadInput.volume, to: folder, facts: DICOMWriter.SeriesFacts(seed: 6))
            }
            for locked in [file, folder.appending(path: "CT0003.dcm")] {
                try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked.path)
            }
            func reads(_ path: URL, _ tenant: Tenant, code: String, reason: String) async throws {
                try await submit(BadInput.Order(path: path.path), tenant: tenant, messageID: "bad")
                let study = try await system.endedStudy(messageID: "bad", tenant: tenant)
                try check(try #require(try await system.jobs(of: study).first), code: code, reason: reason)
            }
            func bothAreRefused() async throws {
                try await reads(file, "bad-locked", code: "path-not-readable", reason: "is not readable by this worker")
                try await reads(folder, "bad-locked-slice", code: "file-not-readable", reason: "study: ")
            }
            if geteuid() == 0 {
                try await system.withIngestionObeyingPermissions(bothAreRefused)
            } else {
                try await bothAreRefused()
            }
        }

        @Test(arguments: BadMessage.allCases)
        func aMessageThatCannotBeReadIsADeadJobAndADeadLetter(_ message: BadMessage) async throws {
            let system = try await RunningSystem.shared
            let worker = try system.processID(.ingestion)
            let tenant = Tenant("bad-message-\(message.rawValue.lowercased())")
            #expect(
                try await system.publishStudy(message.body, tenant: tenant, messageID: "bad-\(message.rawValue)")
                    == .confirmed)
            let job = try await eventually("the message becomes a dead job") {
                try await system.store.jobs(JobFilter(states: [.dead], tenant: tenant)).first
            }
            try check(job, code: message.answer.code, reason: message.answer.reason)
            let kept = try #require(
                try await system.store.artifacts(of: job.id).first {
                    $0.isInput && $0.reference.role == ArtifactKind.rejectedMessage.role
                })
            #expect(
                try Data(contentsOf: try await system.file(kept.reference)) == Data(message.body),
                "the message's bytes are kept")

            let letter = try await eventually("the dead letter arrives") {
                try await system.withSession { try await $0.browse("columna.dead", limit: 1000) }.first {
                    $0.properties.headers["x-columna-job"]?.text == job.id.description
                }
            }
            #expect(letter.properties.headers["x-columna-reason"]?.text == job.failure?.reason)
            #expect(letter.properties.headers["x-columna-code"]?.text == message.answer.code)
            #expect(letter.properties.headers["x-columna-bytes"]?.integer == Int64(message.body.count))
            #expect(letter.properties.messageID == "bad-\(message.rawValue)")
            #expect(
                try await system.withSession { try await $0.messageCount(of: "columna.intake") } == 0,
                "it is not requeued")
            #expect(try worker != nil && system.processID(.ingestion) == worker, "the worker was not restarted")
        }

        @Test func aMessageUnderAKeyThatNobodyTakesIsADeadLetter() async throws {
            let system = try await RunningSystem.shared
            let lost = OutgoingMessage(
                exchange: "columna.intake", routingKey: "study.sent", properties: MessageProperties(messageID: "lost"),
                body: Array("{}".utf8))
            #expect(try await system.publish(lost) == .confirmed)
            try await eventually("the dead letter arrives") {
                try await system.withSession { try await $0.browse("columna.dead", limit: 1000) }.first {
                    $0.properties.messageID == "lost"
                }
            }
        }

        @Test func oneOfTwoSeriesIsChosenByTheHashThatTheReasonLists() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.version
            let folder = system.inputs.appending(path: "two-series", directoryHint: .isDirectory)
            let order = try await OwnThread.run { try BadInput.twoSeries.prepare(in: folder) }
            try await submit(order, tenant: "two-series", messageID: "both")
            let dead = try await system.endedStudy(messageID: "both", tenant: "two-series")
            let reason = try #require(try await system.jobs(of: dead).first?.failure?.reason)
            let hashes = reason.matches(of: /([0-9a-f]{8,64}) CT, 12 slices/).map { String($0.1) }
            #expect(Set(hashes).count == 2, "\(reason)")
            for hash in hashes {
                try await submit(order, tenant: "two-series", messageID: hash, series: hash)
                #expect(try await system.endedStudy(messageID: hash, tenant: "two-series").state == .succeeded)
            }
        }

        @Test func aDeadStudyIsAnsweredWithItsReason() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.version
            try await system.withSession {
                try await $0.declare(QueueDeclaration(name: "test.dead-reply", arguments: [:]))
            }
            try await submit(
                BadInput.Order(path: "/etc/passwd"), tenant: "bad-reply", messageID: "bad", replyTo: "test.dead-reply")
            let reply = try await eventually("the reply arrives") {
                try await system.answers("test.dead-reply").first { !$0.type.hasSuffix(".accepted.v1") }?.delivery
            }
            let event = try JSONDecoder().decode(Reply.self, from: Data(reply.body))
            #expect(event.type == "dev.columna.study.dead.v1")
            #expect(event.data.state == .dead && event.data.failure?.code == "path-outside-roots")
        }

        @Test func aDeadJobIsReplayedWhenItsInputIsMended() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.version
            let file = system.inputs.appending(path: "late.nii.gz")
            try await submit(BadInput.Order(path: file.path), tenant: "bad-late", messageID: "late")
            let study = try await system.endedStudy(messageID: "late", tenant: "bad-late")
            #expect(study.state == .dead)
            let job = try #require(try await system.jobs(of: study).first)
            let listed = try await system.columna(["dead", "list", "--tenant", "bad-late", "--json"])
            #expect(
                listed.output.contains(job.id.description) && listed.output.contains("path-missing"), "\(listed.errors)"
            )

            try NIfTI.write(BadInput.volume, to: file)
            let replayed = try await system.columna(["dead", "replay", job.id.description])
            #expect(replayed.status == 0, "\(replayed.errors)")
            try await eventually("the replayed study succeeds") {
                try await system.catalog.study(study.id)?.state == .succeeded ? true : nil
            }
            let jobs = try await system.jobs(of: study)
            #expect(jobs.first?.id == job.id && jobs.allSatisfy { $0.state == .succeeded })
            #expect(
                try await system.columna(["dead", "list", "--tenant", "bad-late", "--json"]).output.contains(
                    job.id.description) == false)
        }

        @Test func aGoodStudyAfterAllThisStillSucceeds() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.version
            let file = system.inputs.appending(path: "good.nii.gz")
            try NIfTI.write(BadInput.volume, to: file)
            try await submit(BadInput.Order(path: file.path), tenant: "good", messageID: "good")
            #expect(try await system.endedStudy(messageID: "good", tenant: "good").state == .succeeded)
        }

        @Test func noLogNamesAPatientOrAFile() async throws {
            let logs = try await RunningSystem.shared.logs()
            #expect(!logs.isEmpty)
            for secret in [Self.secret, "passwd", "CT0003", "inputs/"] {
                #expect(!logs.localizedCaseInsensitiveContains(secret), "\(secret)")
            }
        }

        // MARK: -

        private func submit(
            _ order: BadInput.Order, tenant: Tenant, messageID: String, series: String? = nil, replyTo: String? = nil
        ) async throws {
            let submission = StudySubmission(
                sender: IntakeSender(tenant: tenant, source: "hospital/pacs", messageID: messageID, replyTo: replyTo),
                order: StudyOrder(pipeline: .segment, model: order.model), priority: .urgent, path: order.path,
                labelPath: order.labelPath, series: series)
            guard try await RunningSystem.shared.publish(submission.message()) == .confirmed else {
                throw Unexpected("the broker did not take the study")
            }
        }

        private func check(
            _ job: JobRecord, code: String, reason: String, sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            #expect(job.state == .dead && job.kind == IngestStudy.kind, sourceLocation: sourceLocation)
            let failure = try #require(job.failure, sourceLocation: sourceLocation)
            #expect(failure.class == .data && failure.code == code, "\(failure)", sourceLocation: sourceLocation)
            #expect(
                reason.isEmpty || failure.reason.contains(reason), "\(failure.reason)", sourceLocation: sourceLocation)
            #expect(job.attempt <= 1, "bad data are not tried again", sourceLocation: sourceLocation)
            for secret in [Self.secret, "passwd", "CT0003", "nothing-here", "/tmp/"] {
                #expect(!failure.reason.localizedCaseInsensitiveContains(secret), sourceLocation: sourceLocation)
            }
        }

        /// Sizes, times and hashes of all that lies in a folder.
        @Sendable private static func contents(_ folder: URL) throws -> [String: String] {
            var found: [String: String] = [:]
            for name in FileManager.default.enumerator(atPath: folder.path)?.compactMap({ $0 as? String }) ?? [] {
                let path = folder.appending(path: name).path
                let facts = try FileManager.default.attributesOfItem(atPath: path)
                var digest = ""
                if facts[.type] as? FileAttributeType == .typeRegular {
                    digest = try ContentAddress.ofFile(at: URL(filePath: path)).description
                }
                found[name] = "\(facts[.size] ?? "") \(facts[.modificationDate] ?? "") \(digest)"
            }
            return found
        }
    }

    fileprivate struct Reply: Decodable {
        let type: String
        let data: StudyResult
    }
}
