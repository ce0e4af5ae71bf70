import Testing
import WorkerRuntime

@Suite struct BellTests {
    @Test func aRingBeforeTheWaitIsKept() async {
        let bell = Bell()
        bell.ring()
        #expect(await bell.wait(atMost: .seconds(60)))
    }

    @Test func aRingDuringTheWaitEndsIt() async {
        let bell = Bell()
        async let isRung = bell.wait(atMost: .seconds(60))
        bell.ring()
        #expect(await isRung)
    }

    @Test func theLimitEndsTheWaitWithoutARing() async {
        #expect(await !Bell().wait(atMost: .milliseconds(1)))
    }

    @Test func cancellationEndsTheWait() async {
        let bell = Bell()
        let task = Task { await bell.wait(atMost: .seconds(600)) }
        task.cancel()
        #expect(await !task.value)
    }
}
