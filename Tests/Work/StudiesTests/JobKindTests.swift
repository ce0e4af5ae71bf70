import JobEngine
import Studies
import Testing

@Suite struct JobKindTests {
    @Test func everyKindIsOfOneStageAndEveryStageHasOne() {
        let kinds = Stage.allCases.map { JobKind.known(of: $0) }
        #expect(kinds.allSatisfy { !$0.isEmpty })
        #expect(Set(kinds.joined()) == Set(JobKind.all) && kinds.joined().count == JobKind.all.count)
    }

    @Test func twoKindsAreTheSameWhenTheirNamesAre() {
        #expect(JobKind("rehearsal", of: .training) == Rehearsal.kind)
        #expect(Set(JobKind.all.map(\.rawValue)).count == JobKind.all.count)
    }
}
