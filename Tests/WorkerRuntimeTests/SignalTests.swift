import Testing
import WorkerRuntime

@Suite struct SignalTests {
    @Test func aRingBeforeTheWaitIsKept() async {
        let signal = Signal()
        signal.ring()
        let start = ContinuousClock.now
        await signal.wait(atMost: .seconds(60))
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func aRingDuringTheWaitEndsIt() async {
        let signal = Signal()
        async let waiting: Void = signal.wait(atMost: .seconds(60))
        signal.ring()
        await waiting
    }

    @Test func cancellationEndsTheWait() async {
        let signal = Signal()
        let task = Task { await signal.wait(atMost: .seconds(600)) }
        task.cancel()
        await task.value
    }
}
