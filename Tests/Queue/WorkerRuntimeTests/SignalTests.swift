import Testing
import WorkerRuntime

@Suite struct SignalTests {
    @Test func aRingBeforeTheWaitIsKept() async {
        let signal = Signal()
        signal.ring()
        #expect(await signal.wait(atMost: .seconds(60)))
    }

    @Test func aRingDuringTheWaitEndsIt() async {
        let signal = Signal()
        async let isRung = signal.wait(atMost: .seconds(60))
        signal.ring()
        #expect(await isRung)
    }

    @Test func theLimitEndsTheWaitWithoutARing() async {
        #expect(await !Signal().wait(atMost: .milliseconds(1)))
    }

    @Test func cancellationEndsTheWait() async {
        let signal = Signal()
        let task = Task { await signal.wait(atMost: .seconds(600)) }
        task.cancel()
        #expect(await !task.value)
    }
}
