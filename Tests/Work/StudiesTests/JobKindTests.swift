import JobEngine
import Studies
import Testing

@Suite struct JobKindTests {
    @Test func theKindsOfAStageAreThoseThatAreDeclared() {
        #expect(JobKind.known(of: .ingestion) == [RetrieveStudy.kind, IngestStudy.kind, DeliverSegmentation.kind])
        #expect(Set(Stage.allCases.flatMap { JobKind.known(of: $0) }) == Set(JobKind.all))
    }

    @Test func twoKindsAreTheSameWhenTheirNamesAre() {
        #expect(JobKind("rehearsal", of: .training) == Rehearsal.kind)
        #expect(Set(JobKind.all.map(\.rawValue)).count == JobKind.all.count)
    }
}
