import JobEngine
import Testing

struct JobStateTests {
    @Test(arguments: JobState.allCases)
    func noStateSucceedsItself(_ state: JobState) {
        #expect(!state.successors.contains(state))
    }

    @Test(arguments: JobState.allCases)
    func everyStateIsReachedFromWaitingOrQueued(_ state: JobState) {
        var reached: Set<JobState> = [.waiting, .queued]
        for _ in JobState.allCases { reached.formUnion(reached.flatMap(\.successors)) }
        #expect(reached.contains(state))
    }

    @Test func whatSucceededStaysSo() { #expect(JobState.succeeded.successors.isEmpty) }

    @Test func onlyARunningJobSucceedsOrDies() {
        for state in JobState.allCases where state != .running {
            #expect(state.successors.isDisjoint(with: [.succeeded, .dead]))
        }
    }
}
