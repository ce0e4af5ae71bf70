import Documents
import Foundation
import JobEngine
import Studies
import TestSupport
import Testing

@Suite struct PipelineTests {
    private func artifact(_ role: String) -> ArtifactReference {
        ArtifactReference(
            role: role, address: .repeating("0"), byteCount: 1, mediaType: "a/b")
    }

    /// The job as a store hands it out.
    private func record(_ kind: JobKind) async throws -> JobRecord {
        let store = InMemoryJobStore()
        let job = JobRequest(kind: kind, tenant: "clinic")
        _ = try await store.enqueue([job])
        return try #require(await store.job(job.id))
    }

    @Test func anEvaluationGetsTheLabelMapBeforeRepairAndTheArchiveDoesNot() async throws {
        let order = StudyOrder(pipeline: .segment, model: "spine@1", repairs: true, destinations: ["pacs"])
        let roles = [
            ArtifactKind.volume.role, ArtifactKind.truth.role, ArtifactKind.weights.role, ArtifactKind.labelMap.role,
            ArtifactKind.unrepairedLabelMap.role, ArtifactKind.picture.role,
        ]
        let children = try await Pipeline.children(
            of: record(SegmentVolume.kind), order: order, artifacts: roles.map(artifact))
        #expect(children.map(\.kind) == [EvaluateSegmentation.kind, DeliverSegmentation.kind])
        #expect(
            children[0].inputs.map(\.role) == [
                ArtifactKind.volume.role, ArtifactKind.truth.role, ArtifactKind.labelMap.role,
                ArtifactKind.unrepairedLabelMap.role,
            ])
        #expect(children[1].inputs.map(\.role) == [ArtifactKind.weights.role, ArtifactKind.labelMap.role])
    }

    /// What was ordered before there were repairs has the same bytes.
    @Test func anOrderNamesRepairsOnlyIfTheyWereAskedFor() throws {
        #expect(
            try CanonicalJSON.string(StudyOrder(pipeline: .segment, model: "spine@1"))
                == #"{"model":"spine@1","pipeline":"segment"}"#)
        let order = StudyOrder(pipeline: .segment, repairs: true)
        #expect(try CanonicalJSON.string(order) == #"{"pipeline":"segment","repairs":true}"#)
        #expect(try CanonicalJSON.decode(StudyOrder.self, from: #"{"pipeline":"segment"}"#).repairs == nil)
    }
}
