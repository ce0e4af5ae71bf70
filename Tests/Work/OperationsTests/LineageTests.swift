import Faults
import Foundation
import JobEngine
import Operations
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct LineageTests {
    @Test func aResultLeadsBackOverEveryJobThatItCameFrom() async throws {
        try await SystemFixture.with { fixture in
            let (study, first) = try await fixture.queuedStudy(messageID: "m")
            let volume = SystemFixture.artifact(ArtifactKind.volume.role, "a")
            let next = JobRequest(
                kind: PreprocessVolume.kind, tenant: SystemFixture.tenant, parents: [first], inputs: [volume],
                study: study)
            try await fixture.end(.ingestion, Completion(outputs: [volume], children: [next]))
            let ready = SystemFixture.artifact(ArtifactKind.networkImage.role, "b")
            try await fixture.end(.preprocessing, Completion(outputs: [ready]))
            for id in [ready.address.rawValue, next.id.description, study.description, "m"] {
                let lineage = try await Lineage(of: id, in: fixture.system)
                #expect(lineage.jobs.map(\.job.id) == [next.id], "\(id)")
                let node = try #require(lineage.jobs.first)
                #expect(node.outputs.map(\.row.address) == [ready.address])
                #expect(node.inputs.map(\.artifact.row.address) == [volume.address])
                #expect(node.inputs.first?.producer.map(\.job.id) == [first])
            }
        }
    }

    @Test func whatNoJobReadOrWroteHasNoLineage() async throws {
        try await SystemFixture.with { fixture in
            let address = SystemFixture.artifact(ArtifactKind.volume.role, "c").address
            let error = await #expect(throws: OperationError.self) {
                _ = try await Lineage(of: address.rawValue, in: fixture.system)
            }
            #expect(error?.code == .missing && error?.description == "no job has read or written \(address)")
        }
    }

    @Test(arguments: ["sha256:0", "sha256:" + String(repeating: "A", count: 64)])
    func whatOnlyBeginsAsAnAddressIsNone(id: String) async throws {
        try await SystemFixture.with { fixture in
            let error = await #expect(throws: OperationError.self) { _ = try await Lineage(of: id, in: fixture.system) }
            let said = "'\(id)' is no address, expected sha256: and 64 lower-case hexadecimal digits"
            #expect(error?.code == .badInput && error?.description == said)
        }
    }
}
