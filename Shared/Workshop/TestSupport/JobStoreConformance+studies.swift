import Anatomy
import Documents
import Faults
import Foundation
package import JobEngine
package import Metrics
import Registry
package import Studies

extension JobStoreConformance {
    private static func submission(
        _ messageID: String = "m", source: String? = "ris/ward-3", content: String? = "one",
        replyTo: String? = "hospital", correlationID: String? = "c-1"
    ) -> (Study, JobRequest) {
        let study = Study(
            tenant: "clinic", pipeline: .segment, source: source, messageID: messageID, contentDigest: content,
            replyTo: replyTo,
            correlationID: correlationID)
        return (study, rehearsal(key: "\(source ?? "")/\(messageID)"))
    }

    /// The same request for something else.
    private static func changed(_ request: JobRequest) throws -> JobRequest {
        try JobRequest(
            Rehearsal(milliseconds: 1), tenant: request.tenant, deduplicationKey: request.deduplicationKey,
            study: request.study)
    }

    /// What was said to a queue: the state of a result, or the last word of the type.
    private static func answers(_ messages: [OutboxMessage], to queue: String) throws -> [String] {
        try messages.filter { $0.exchange == MessageNames.defaultExchange && $0.routingKey == queue }.map {
            try CanonicalJSON.decode(AnswerEnvelope.self, from: $0.body).type.replacing("dev.columna.study.", with: "")
                .replacing(".v1", with: "")
        }
    }

    /// Of the books that are kept beside jobs: in PostgreSQL only.
    package static let studies: [ConformanceCheck] = [
        ConformanceCheck("the same message twice is one study with one job") { store in
            let (study, job) = submission()
            try expect(try await store.studies(at: 0).submit(study, first: job), equals: .accepted(job.id))
            let (again, other) = submission()
            try expect(try await store.studies(at: 1).submit(again, first: other), equals: .repeated(of: job.id))
            try expect(try await store.jobs.jobs(JobFilter()).map(\.study), equals: [study.id])
        },
        ConformanceCheck("another message with the same key is the same job, and no study") { store in
            let (study, job) = submission()
            _ = try await store.studies(at: 0).submit(study, first: job)
            let (other, _) = submission("n")
            try expect(
                try await store.studies(at: 1).submit(other, first: rehearsal(key: "ris/ward-3/m")),
                equals: .repeated(of: job.id))
            do {
                _ = try await store.at(2).enqueue([rehearsal(study: other.id)])
                throw ConformanceFailure(description: "the second study was kept")
            } catch let error as JobStoreError {
                try expect(error.code, equals: .unknownStudy)
            }
        },
        ConformanceCheck("the same id of another source is another study") { store in
            let (study, job) = submission()
            _ = try await store.studies(at: 0).submit(study, first: job)
            let (other, second) = submission(source: "ris/ward-4", content: "two", replyTo: "ward-4")
            try expect(try await store.studies(at: 1).submit(other, first: second), equals: .accepted(second.id))
            try expect(Set(try await store.jobs.jobs(JobFilter()).compactMap(\.study)), equals: [study.id, other.id])
            try expect(try answers(try await messages(store), to: "ward-4"), equals: ["accepted"])
        },
        ConformanceCheck("the same event with other content is told apart, and changes and answers nothing") { store in
            let (study, job) = submission()
            _ = try await store.studies(at: 0).submit(study, first: job)
            let (other, second) = submission(content: "two", replyTo: "elsewhere")
            try expect(try await store.studies(at: 1).submit(other, first: second), equals: .contradicted(job.id))
            let (third, _) = submission("n", content: "three", replyTo: "elsewhere")
            try expect(
                try await store.studies(at: 1).submit(third, first: rehearsal(key: "ris/ward-3/m")),
                equals: .contradicted(job.id))
            try expect(try await store.jobs.jobs(JobFilter()).map(\.id), equals: [job.id])
            try expect(try answers(try await messages(store), to: "elsewhere"), equals: [])
        },
        ConformanceCheck(
            "what another source asks for under the id of a study from before sources were kept is a new study"
        ) { store in
            let (study, job) = submission(source: nil, content: nil)
            _ = try await store.studies(at: 0).submit(study, first: job)
            for _ in 1...2 {
                let (other, asked) = submission(source: "ris/ward-4", content: "two", replyTo: "ward-4")
                let second = try changed(asked)
                let first = try await store.jobs.jobs(JobFilter()).first { $0.study != study.id }?.id
                let expected: SubmissionResult = first.map { .repeated(of: $0) } ?? .accepted(second.id)
                try expect(try await store.studies(at: 1).submit(other, first: second), equals: expected)
            }
            try expect(try await store.jobs.jobs(JobFilter()).count, equals: 2)
        },
        ConformanceCheck("a study from before sources were kept is found by its id and what it asked for") { store in
            let (study, job) = submission(source: nil, content: nil)
            _ = try await store.studies(at: 0).submit(study, first: job)
            let (again, other) = submission(source: "ris/ward-3")
            try expect(try await store.studies(at: 1).submit(again, first: other), equals: .repeated(of: job.id))
        },
        ConformanceCheck("a job from before sources were kept is found by its key alone, if the same is asked for") {
            store in
            let (study, _) = submission(source: nil, content: nil, replyTo: nil)
            let former = rehearsal(key: "order-7")
            _ = try await store.studies(at: 0).submit(study, first: former)
            let (again, _) = submission("n")
            var asked = rehearsal(key: "ris/ward-3 order-7")
            try expect(
                try await store.studies(at: 1).submit(again, first: asked, keyBeforeSources: "order-7"),
                equals: .repeated(of: former.id))
            try expect(try answers(try await messages(store), to: "hospital"), equals: ["accepted"])
            // Another source's order of that number.
            let (other, _) = submission("o")
            asked = try changed(asked)
            try expect(
                try await store.studies(at: 2).submit(other, first: asked, keyBeforeSources: "order-7"),
                equals: .accepted(asked.id))
            // What has a source is no study from then: keys count for each source.
            let (third, _) = submission("p")
            let last = rehearsal(key: "ris/ward-4 order-7")
            try expect(
                try await store.studies(at: 3).submit(third, first: last, keyBeforeSources: "ris/ward-3 order-7"),
                equals: .accepted(last.id))
        },
        ConformanceCheck("who asks is told that the study is accepted, and each who asks again gets the result once") {
            store in
            let (study, job) = submission()
            _ = try await store.studies(at: 0).submit(study, first: job)
            for (queue, correlationID) in [("hospital", "c-1"), ("again", "c-2"), ("again", "c-2"), ("again", nil)] {
                let (repeated, other) = submission(replyTo: queue, correlationID: correlationID)
                try expect(try await store.studies(at: 1).submit(repeated, first: other), equals: .repeated(of: job.id))
            }
            let claimed = try require(try await claim(store, at: 2).first, "the job")
            _ = try await store.at(3).completeJobIfRunning(job.id, token: claimed.token, completion: Completion())
            let sent = try await messages(store)
            try expect(try answers(sent, to: "hospital"), equals: ["accepted", "accepted", "succeeded"])
            try expect(
                try answers(sent, to: "again").sorted(),
                equals: ["accepted", "accepted", "accepted", "succeeded", "succeeded"])
            let results = sent.filter { $0.routingKey == "again" && $0.body.contains("study.succeeded") }
            try expect(Set(results.map { $0.correlationID ?? "none" }), equals: ["c-2", "none"])
            let acceptance = try require(sent.first { $0.routingKey == "hospital" }, "an acceptance")
            try expect(
                try CanonicalJSON.decode(AcceptanceEnvelope.self, from: acceptance.body).data,
                equals: StudyAnswer.Acceptance(
                    tenant: "clinic", id: "m", source: "ris/ward-3", study: study.id, job: job.id))
        },
        ConformanceCheck("who asks after the study has ended gets its result at once") { store in
            let (study, job) = submission(replyTo: nil)
            _ = try await store.studies(at: 0).submit(study, first: job)
            let claimed = try require(try await claim(store, at: 1).first, "the job")
            let end = Completion(
                outputs: [artifact("label-map", "2", byteCount: 22)], facts: [try .caseMeasured(measured(study.id))])
            _ = try await store.at(2).completeJobIfRunning(job.id, token: claimed.token, completion: end)
            try expect(keys(try await messages(store), exchange: ""), equals: [])
            let (again, other) = submission(replyTo: "late", correlationID: "c-9")
            try expect(try await store.studies(at: 3).submit(again, first: other), equals: .repeated(of: job.id))
            let sent = try await messages(store)
            try expect(keys(sent, exchange: MessageNames.eventsExchange), equals: [])
            let reply = try require(sent.first { $0.routingKey == "late" }, "the result")
            try expect(reply.correlationID, equals: "c-9")
            let result = try CanonicalJSON.decode(StudyEnvelope.self, from: reply.body).data
            try expect(result.state, equals: .succeeded)
            try expect(result.study, equals: study.id.description)
            try expect(result.artifacts.map(\.byteCount), equals: [22])
            try expect(result.classes, equals: [StudyResult.ClassResult(measurement)])
        },
        ConformanceCheck("the end of the last job ends the study, with an event and a reply") { store in
            let (study, job) = submission()
            _ = try await store.studies(at: 0).submit(study, first: job)
            let first = try require(try await claim(store, at: 1).first, "the first job")
            let child = rehearsal(parents: [job.id], study: study.id)
            let completion = Completion(outputs: [artifact("volume", "1")], children: [child])
            _ = try await store.at(2).completeJobIfRunning(job.id, token: first.token, completion: completion)
            try expect(try answers(try await messages(store), to: "hospital"), equals: ["accepted"])
            let second = try require(try await claim(store, at: 3).first, "the second job")
            let end = Completion(
                outputs: [artifact("label-map", "2", byteCount: 22)],
                facts: [try .segmentationJudged(judgement), try .caseMeasured(measured(study.id))])
            _ = try await store.at(4).completeJobIfRunning(child.id, token: second.token, completion: end)
            let sent = try await messages(store)
            try expect(keys(sent, exchange: MessageNames.defaultExchange), equals: ["hospital"])
            try expect(keys(sent, exchange: MessageNames.eventsExchange).last, equals: "study.succeeded")
            try expect(sent.filter { $0.lane == .events }.allSatisfy { $0.tenant == "clinic" }, equals: true)
            let reply = try require(sent.last { $0.exchange == "" }, "a reply")
            try expect(reply.correlationID, equals: "c-1")
            let result = try CanonicalJSON.decode(StudyEnvelope.self, from: reply.body).data
            try expect(result.study, equals: study.id.description)
            try expect(result.state, equals: .succeeded)
            try expect(result.job, equals: child.id.description)
            try expect(result.artifacts.map(\.role), equals: ["volume", "label-map"])
            try expect(result.artifacts.map(\.byteCount), equals: [10, 22])
            try expect(result.classes, equals: [StudyResult.ClassResult(measurement)])
            try expect(result.review, equals: StudyResult.Review(judgement))
            try expect(result.held, equals: nil)
            try expect(result.failure, equals: nil)
            // A reader knows all that it says.
            let said = try JSONSerialization.jsonObject(with: Data(reply.body.utf8)) as? [String: Any]
            let known = try JSONSerialization.jsonObject(with: JSONEncoder().encode(result))
            try expect(said?["data"] as? NSDictionary, equals: known as? NSDictionary)
        },
        ConformanceCheck("a study whose result was held says at which archives and why, and others say nothing of it") {
            store in
            let causes: [(archive: String, cause: HeldDelivery.Cause)] = [
                ("web", .needsReview), ("pacs", .modelNotPromoted),
            ]
            let (study, job) = submission()
            _ = try await store.studies(at: 0).submit(study, first: job)
            let first = try require(try await claim(store, at: 1).first, "the first job")
            let children = causes.map { _ in rehearsal(parents: [job.id], study: study.id) }
            _ = try await store.at(2).completeJobIfRunning(
                job.id, token: first.token, completion: Completion(children: children))
            for one in causes {
                let claimed = try require(try await claim(store, at: 3).first, "a delivery")
                let held = HeldDelivery(destination: one.archive, model: "spine@1", cause: one.cause, reasons: ["r"])
                _ = try await store.at(4).completeJobIfRunning(
                    claimed.record.id, token: claimed.token, completion: Completion(facts: [try .deliveryHeld(held)]))
            }
            let reply = try require(try await messages(store).last { $0.exchange == "" }, "a reply")
            let result = try CanonicalJSON.decode(StudyEnvelope.self, from: reply.body).data
            try expect(result.state, equals: .succeeded)
            try expect(result.held?.map(\.destination), equals: ["pacs", "web"])
            try expect(result.held?.map(\.cause), equals: ["model-not-promoted", "needs-review"])
        },
        ConformanceCheck("a dead job ends its study with the reason, and a replay opens it again") { store in
            let (study, job) = submission()
            _ = try await store.studies(at: 0).submit(study, first: job)
            let claimed = try require(try await claim(store, at: 1).first, "the first job")
            _ = try await store.at(2).failJobIfRunning(job.id, token: claimed.token, failure: failure(.data))
            let reply = try require(try await messages(store).last { $0.exchange == "" }, "a reply")
            let result = try CanonicalJSON.decode(StudyEnvelope.self, from: reply.body).data
            try expect(result.state, equals: .dead)
            try expect(result.failure, equals: failure(.data))
            _ = try await store.at(3).replayJob(job.id, actor: "operator")
            let again = try require(try await claim(store, at: 4).first, "the replayed job")
            _ = try await store.at(5).completeJobIfRunning(job.id, token: again.token, completion: Completion())
            try expect(keys(try await messages(store), exchange: "").count, equals: 1)
        },
        ConformanceCheck("a cancelled job ends its study, and nobody is answered who did not ask") { store in
            let (study, job) = submission(replyTo: nil)
            _ = try await store.studies(at: 0).submit(study, first: job)
            _ = try await store.at(1).cancelJob(job.id, actor: "operator")
            let sent = try await messages(store)
            try expect(keys(sent, exchange: MessageNames.eventsExchange).last, equals: "study.cancelled")
            try expect(keys(sent, exchange: ""), equals: [])
        },
    ]

    package static let judgement = SegmentationJudgement(
        study: nil, modelVersion: "spine@1", classes: [],
        findings: [
            SegmentationJudgement.Finding(
                kind: "nothing-found", severity: .review, classValues: [], sentence: "no vertebra was found"),
            SegmentationJudgement.Finding(
                kind: "cut-by-field-of-view", severity: .information, classValues: [20], sentence: "L1 reaches the edge"
            ),
        ],
        repairs: nil)

    /// A class of 8 voxels that is absent from the prediction: its precision is undefined.
    package static let measurement = {
        let counts = ConfusionCounts(truePositives: 0, falsePositives: 0, falseNegatives: 8, trueNegatives: 92)
        var one = ClassMetrics(
            label: LabelSet.spine25.labels[19], counts: counts, voxelVolumeInCubicMillimetres: 1062.5)
        one.agreement = [SurfaceAgreement(toleranceInMillimetres: 1.5, boundaryF1: 0, normalizedSurfaceDice: nil)]
        one.touchesBorder = true
        return one
    }()

    /// A case of that class alone.
    package static func measured(_ study: StudyID?) -> MeasuredCase {
        MeasuredCase(
            caseName: "case-1", study: study, modelVersion: "spine@1",
            metrics: CaseMetrics(
                classes: [measurement],
                identification: Identification(
                    identificationRate: 0, detectionPrecision: nil, detectionRecall: nil, labelShift: -1),
                confusion: [ConfusionEntry(truth: 20, prediction: 0, voxels: 8)], accuracy: 0.92, kappa: nil,
                options: MetricOptions()))
    }
}

private struct StudyEnvelope: Decodable {
    var data: StudyResult
}

private struct AnswerEnvelope: Decodable {
    var type: String
}

private struct AcceptanceEnvelope: Decodable {
    var data: StudyAnswer.Acceptance
}
