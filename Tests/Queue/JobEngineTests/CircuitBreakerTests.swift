import JobEngine
import Testing

@Suite struct CircuitBreakerTests {
    private func opened(at now: Double = 100) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 1...CircuitBreaker.limit { breaker.failed("away", now: now) }
        return breaker
    }

    @Test func opensAfterThreeFailuresInARow() {
        var breaker = CircuitBreaker()
        breaker.failed("away", now: 0)
        breaker.failed("away", now: 1)
        #expect(breaker.admit(now: 2) == .proceed)
        breaker.succeeded()
        breaker.failed("away", now: 3)
        breaker.failed("away", now: 4)
        #expect(breaker.admit(now: 5) == .proceed)
        breaker.failed("away", now: 6)
        #expect(breaker.admit(now: 7) == .wait(seconds: 29))
    }

    @Test func letsOneTryThroughWhenItsWaitIsOver() {
        var breaker = opened()
        #expect(breaker.admit(now: 129) == .wait(seconds: 1))
        #expect(breaker.admit(now: 130) == .probe)
        #expect(breaker.admit(now: 130) == .wait(seconds: 30))
        // A try that never answers must not keep it open for ever.
        #expect(breaker.admit(now: 160) == .probe)
    }

    @Test func aTryThatFoundNothingToDoIsGivenBack() {
        var breaker = opened()
        #expect(breaker.admit(now: 130) == .probe)
        breaker.giveBackProbe(now: 131)
        #expect(breaker.admit(now: 131) == .probe)
        #expect(breaker.admit(now: 131) == .wait(seconds: 30))
    }

    @Test func waitsTwiceAsLongAfterEachTryThatFailedUpToTenMinutes() {
        var breaker = opened()
        var waits: [Double] = []
        for _ in 1...7 {
            guard case .wait(let seconds) = breaker.admit(now: breaker.probeAt - 0.5) else { break }
            waits.append(seconds)
            let now = breaker.probeAt
            #expect(breaker.admit(now: now) == .probe)
            breaker.failed("away", now: now)
            waits[waits.count - 1] = breaker.probeAt - now
        }
        #expect(waits == [60, 120, 240, 480, 600, 600, 600])
    }

    @Test func closesAtTheFirstSuccess() {
        var breaker = opened()
        let wasOpen = [breaker.succeeded(), breaker.succeeded()]
        #expect(wasOpen == [true, false])
        #expect(breaker.admit(now: 100) == .proceed)
    }
}
