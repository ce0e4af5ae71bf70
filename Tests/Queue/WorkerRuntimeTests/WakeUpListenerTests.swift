import JobEngine
import Messaging
import Testing
import WorkerRuntime

/// Which wake-ups are heard, and over which connection they are answered.
@Suite(.timeLimit(.minutes(2))) struct WakeUpListenerTests {
    private let log = EventLog()
    private let name = "columna wake-ups"

    private func with(_ broker: ScriptedBroker, _ body: (WakeUpListener) async -> Void) async {
        let listener = WakeUpListener(broker, stage: .evaluation, prefetch: 4, log: log.logger)
        await withTaskGroup { group in
            group.addTask { [log] in await listener.run { log.note("heard \($0.deliveryTag)") } }
            await body(listener)
            group.cancelAll()
        }
    }

    private func delivery(_ tag: UInt64) -> Delivery {
        Delivery(exchange: "", routingKey: "", queue: "", deliveryTag: tag, properties: MessageProperties(), body: [])
    }

    @Test func whatIsHeardIsAcknowledgedWhenTheClaimIsOver() async {
        let broker = ScriptedBroker(log: log)
        await with(broker) { listener in
            await log.wait(for: "connected")
            broker.deliver(7, to: name)
            await log.wait(for: "heard 7")
            #expect(!log.lines.contains("acknowledged 7 of \(name)"))
            listener.acknowledge([delivery(7)])
            await log.wait(for: "acknowledged 7 of \(name)")
        }
    }

    @Test func aConnectionThatIsLostIsMadeAnew() async {
        let broker = ScriptedBroker(log: log)
        await with(broker) { _ in
            await log.wait(for: "connected")
            broker.cut(name)
            await log.wait(for: "connected", count: 2)
            broker.deliver(8, to: name)
            await log.wait(for: "heard 8")
            #expect(log.lines.contains { $0.hasPrefix("warning cannot listen for wake-ups, reconnecting") })
        }
    }

    @Test func aBrokerThatIsAwayAtTheStartIsTriedUntilItIsThere() async {
        let tries = Tally()
        let broker = ScriptedBroker(log: log) { _ in
            if tries.next() < 3 { throw MessagingError(.connectionLost, "away") }
        }
        await with(broker) { _ in
            await log.wait(for: "connected")
            broker.deliver(1, to: name)
            await log.wait(for: "heard 1")
        }
    }

    @Test func whileItIsSilentTheConnectionIsClosedSoThatWakeUpsGoToOthers() async {
        let broker = ScriptedBroker(log: log)
        await with(broker) { listener in
            await log.wait(for: "connected")
            broker.deliver(1, to: name)
            await log.wait(for: "heard 1")
            await listener.suspend()
            #expect(log.lines.contains("closed \(name)"))
            // The broker's again: whoever gets it next answers it.
            listener.acknowledge([delivery(1)])
            listener.resume()
            await log.wait(for: "connected", count: 2)
            broker.deliver(2, to: name)
            await log.wait(for: "heard 2")
            #expect(!log.lines.contains { $0.hasPrefix("acknowledged") })
        }
    }

    @Test func aConnectionThatComesWhenItIsToBeSilentAlreadyIsClosed() async {
        let mayConnect = Bell()
        let broker = ScriptedBroker(log: log) { [log] _ in
            log.note("connecting")
            await mayConnect.wait(atMost: .seconds(60))
        }
        await with(broker) { listener in
            await log.wait(for: "connecting")
            await listener.suspend()
            mayConnect.ring()
            await log.wait(for: "closed \(name)")
            listener.resume()
            mayConnect.ring()
            await log.wait(for: "connected", count: 2)
            broker.deliver(3, to: name)
            await log.wait(for: "heard 3")
        }
    }
}
