import JobEngine
import Messaging
import Testing
import WorkerRuntime

/// A worker's decisions, event by event, at times that the test says.
@Suite struct WorkerStateTests {
    private let start = ContinuousClock.now
    private var state = WorkerState(slots: 2)

    /// What is done after so many seconds.
    private mutating func after(_ seconds: Double, _ event: WorkerState.Event) -> [WorkerState.Action] {
        state.handle(event, at: start + .seconds(seconds))
    }

    private mutating func on(_ event: WorkerState.Event) -> [WorkerState.Action] { after(0, event) }

    private func claimed(_ count: Int, of limit: Int, covering wakeUps: [Delivery] = []) -> WorkerState.Event {
        .claimed(count, WorkerState.Claim(limit: limit, wakeUps: wakeUps))
    }

    private func wakeUp(_ tag: UInt64, givenBack count: Int64 = 0) -> Delivery {
        Delivery(
            exchange: "", routingKey: "", queue: "", deliveryTag: tag,
            properties: MessageProperties(headers: ["x-delivery-count": .integer(count)]), body: [])
    }

    private func claim(_ limit: Int, _ wakeUps: Delivery...) -> WorkerState.Action {
        .claim(WorkerState.Claim(limit: limit, wakeUps: wakeUps))
    }

    private func heartbeat(_ state: Worker.State = .running, busy: Int = 0, saying note: String = "")
        -> WorkerState.Action
    {
        .heartbeat(state, busy: busy, note: note)
    }

    // MARK: Claims and slots

    @Test mutating func theFirstTickLooksForWorkAndSaysThatTheWorkerIsThere() {
        #expect(on(.tick) == [heartbeat(), claim(2)])
    }

    @Test mutating func aClaimThatBringsNothingIsFollowedByRest() {
        _ = on(.tick)
        #expect(on(claimed(0, of: 2)) == [])
    }

    @Test mutating func everyFifthTickLooksAndEveryTenthTellsOfTheWorker() {
        _ = on(.tick)
        _ = on(claimed(0, of: 2))
        for tick in 2...31 {
            let actions = on(.tick)
            #expect(actions.contains(claim(2)) == (tick % 5 == 1))
            #expect(actions.contains(heartbeat()) == (tick % 10 == 1))
            if tick % 5 == 1 { _ = on(claimed(0, of: 2)) }
        }
    }

    @Test mutating func aPartialCatchIsFollowedByRest() {
        _ = on(.tick)
        #expect(on(claimed(1, of: 2)) == [])
    }

    @Test mutating func afterAFullCatchTheFirstSlotThatIsFreeLooksAgain() {
        _ = on(.tick)
        #expect(on(claimed(2, of: 2)) == [])
        #expect(on(.jobFinished) == [claim(1)])
        #expect(on(claimed(0, of: 1)) == [])
        #expect(on(.jobFinished) == [claim(2)])
    }

    /// As a probe of the claim gate is.
    @Test mutating func aCatchThatIsFullByASmallerLimitLooksForTheRest() {
        _ = on(.tick)
        #expect(on(claimed(1, of: 1)) == [claim(1)])
    }

    @Test mutating func nothingIsClaimedWhileAllSlotsAreBusy() {
        _ = on(.tick)
        _ = on(claimed(2, of: 2))
        #expect(on(.heard(wakeUp(1))) == [])
        #expect(on(.workMayBeThere) == [])
    }

    @Test mutating func anOperatorsResumeLooksAtOnce() {
        #expect(on(.workMayBeThere) == [claim(2)])
    }

    // MARK: Wake-ups

    @Test mutating func aWakeUpIsAcknowledgedWhenItsClaimIsOver() {
        #expect(on(.heard(wakeUp(1))) == [claim(2, wakeUp(1))])
        #expect(
            on(claimed(1, of: 2, covering: [wakeUp(1)]))
                == [.acknowledge([wakeUp(1)])])
    }

    @Test mutating func aWakeUpDuringAClaimLeadsToAnotherThatCoversIt() {
        _ = on(.heard(wakeUp(1)))
        #expect(on(.heard(wakeUp(2))) == [])
        #expect(on(.heard(wakeUp(3))) == [])
        #expect(
            on(claimed(0, of: 2, covering: [wakeUp(1)]))
                == [.acknowledge([wakeUp(1)]), claim(2, wakeUp(2), wakeUp(3))])
    }

    @Test mutating func aFullWorkerFallsSilentAfterAMomentAndListensWhenASlotIsFree() {
        _ = on(.tick)
        _ = on(claimed(2, of: 2))
        #expect(after(1, .heard(wakeUp(1))) == [])
        #expect(after(2.1, .tick) == [.fallSilent])
        #expect(after(3, .tick) == [])
        #expect(after(4, .jobFinished) == [.listen, claim(1)])
    }

    @Test mutating func aSlotThatIsFreeInBetweenBeginsTheMomentAnew() {
        _ = on(.tick)
        _ = on(claimed(2, of: 2))
        _ = after(1.5, .jobFinished)
        _ = after(1.6, claimed(1, of: 1))
        #expect(after(3, .tick) == [])
        #expect(after(4, .tick) == [.fallSilent])
    }

    /// The broker's next return would be the one that takes it for poison.
    @Test mutating func aWakeUpThatHasGoneBackOftenIsAcknowledgedInstead() {
        _ = on(.tick)
        _ = on(claimed(2, of: 2))
        let tired = wakeUp(2, givenBack: Int64(Topology.deliveryLimit) - 2)
        for wakeUp in [wakeUp(1, givenBack: 2), tired] { _ = on(.heard(wakeUp)) }
        #expect(after(3, .tick) == [.acknowledge([tired]), .fallSilent])
    }

    @Test mutating func wakeUpsThatWereGivenBackAreNotAcknowledgedByTheNextClaim() {
        _ = on(.tick)
        _ = on(claimed(2, of: 2))
        _ = on(.heard(wakeUp(1)))
        _ = after(3, .tick)
        // On its way when the connection was closed.
        _ = after(3, .heard(wakeUp(2)))
        #expect(after(4, .jobFinished) == [.listen, claim(1)])
    }

    // MARK: Claims that fail or are not allowed

    @Test mutating func aClaimThatFailedIsTriedAgainAtTheNextTickWithItsWakeUps() {
        _ = on(.heard(wakeUp(1)))
        _ = on(.heard(wakeUp(2)))
        #expect(on(.claimFailed(.init(limit: 2, wakeUps: [wakeUp(1)]))) == [])
        #expect(on(.tick).last == claim(2, wakeUp(2), wakeUp(1)))
        _ = on(.claimFailed(.init(limit: 2)))
        #expect(on(.tick) == [claim(2)])
        _ = on(claimed(0, of: 2))
        #expect(on(.tick) == [])
    }

    @Test mutating func aClaimThatFailedIsTriedAgainWhenAJobEndsOrAWakeUpComes() {
        for event in [WorkerState.Event.jobFinished, .heard(wakeUp(1)), .workMayBeThere] {
            state = WorkerState(slots: 2)
            _ = on(.tick)
            _ = on(claimed(1, of: 2))
            _ = on(.workMayBeThere)
            #expect(on(.claimFailed(.init(limit: 1))) == [])
            let actions = on(event)
            #expect(actions.count == 1)
            guard case .claim = actions.first else {
                Issue.record("no claim after \(event), got \(actions)")
                continue
            }
        }
    }

    @Test mutating func aWorkerThatMayNotClaimSaysSoOnceLeavesWakeUpsToOthersAndTriesEverySecond() {
        _ = on(.heard(wakeUp(1)))
        let held = WorkerState.Claim(limit: 2, wakeUps: [wakeUp(1)])
        #expect(
            on(.held("next try in 9 s", held)) == [
                .say("next try in 9 s"), heartbeat(saying: "next try in 9 s"), .fallSilent,
            ])
        #expect(on(.tick).last == claim(2))
        // A reason that counts seconds is the same reason; the next heartbeat brings it.
        #expect(on(.held("next try in 8 s", .init(limit: 2))) == [])
        #expect(on(.tick) == [claim(2)])
        #expect(state.note == "next try in 8 s")
    }

    @Test mutating func aWorkerThatMayClaimAgainSaysSoAndListens() {
        _ = on(.tick)
        _ = on(.held("no storage", .init(limit: 2)))
        // That the database fails meanwhile changes nothing.
        _ = on(.tick)
        #expect(on(.claimFailed(.init(limit: 2))) == [])
        _ = on(.tick)
        #expect(on(claimed(0, of: 2)) == [.say(""), heartbeat(), .listen])
    }

    // MARK: The end

    @Test mutating func anIdleWorkerEndsAtOnceWhenItIsDrained() {
        _ = on(.tick)
        _ = on(claimed(0, of: 2))
        #expect(on(.drain) == [.interruptJobs, heartbeat(.draining), .fallSilent, .end])
    }

    @Test mutating func aDrainedWorkerClaimsNothingAndEndsWithItsLastJob() {
        _ = on(.tick)
        _ = on(claimed(2, of: 2))
        #expect(on(.drain) == [.interruptJobs, heartbeat(.draining, busy: 2), .fallSilent])
        #expect(on(.jobFinished) == [])
        #expect(on(.heard(wakeUp(1))) == [])
        #expect(on(.workMayBeThere) == [])
        #expect(on(.jobFinished) == [.end])
    }

    @Test mutating func theJobsOfAClaimThatWasUnderWayAtTheDrainAreRunWhichInterruptsThem() {
        _ = on(.tick)
        #expect(on(.drain) == [.interruptJobs, heartbeat(.draining), .fallSilent])
        #expect(on(claimed(1, of: 2)) == [])
        #expect(on(.jobFinished) == [.end])
    }

    @Test(arguments: [false, true])
    mutating func aClaimThatFailsAfterTheDrainEndsTheWorker(_ isHeld: Bool) {
        _ = on(.tick)
        _ = on(.drain)
        let claim = WorkerState.Claim(limit: 2)
        #expect(on(isHeld ? .held("no storage", claim) : .claimFailed(claim)).last == .end)
    }

    @Test mutating func aWorkerThatIsDrainedIsNeverToldToBeRunning() {
        _ = on(.tick)
        _ = on(claimed(1, of: 2))
        _ = on(.workMayBeThere)
        _ = on(.drain)
        #expect(
            on(.held("no storage", .init(limit: 1))) == [
                .say("no storage"), heartbeat(.draining, busy: 1, saying: "no storage"),
            ])
    }
}
