import JobEngine
import Studies
import Testing

@Suite struct JobKindTests {
    @Test func theKindsOfAStageAreThoseThatAreDeclared() {
        #expect(JobKind.known(of: .ingestion) == [.retrieveStudy, .ingestStudy, .deliverSegmentation])
        #expect(Set(Stage.allCases.flatMap { JobKind.known(of: $0) }) == Set(JobKind.all))
    }

    @Test func twoKindsAreTheSameWhenTheirNamesAre() {
        #expect(JobKind("rehearsal", of: .training) == .rehearsal)
        #expect(Set(JobKind.all.map(\.rawValue)).count == JobKind.all.count)
    }
}
