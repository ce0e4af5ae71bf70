import JobEngine
import Messaging
import Testing

@Suite struct TopologyTests {
    /// The outbox addresses by `MessageNames`, the broker declares by `Topology`.
    @Test func outboxAddressesWhatIsDeclared() {
        let topology = Topology.standard
        let exchanges = [
            MessageNames.intakeExchange, MessageNames.workExchange, MessageNames.eventsExchange,
            MessageNames.controlExchange,
            MessageNames.deadExchange,
        ]
        #expect(Set(topology.exchanges.map(\.name)) == Set(exchanges))
        #expect(topology.intakeQueue == MessageNames.intakeQueue)
        #expect(topology.deadQueue == MessageNames.deadQueue)
        for stage in Stage.allCases {
            for priority in Priority.allCases {
                let queue = MessageNames.workQueue(stage, priority)
                #expect(topology.workQueue(stage, priority) == queue)
                let binding = topology.bindings(intakeKeys: []).first { $0.queue == queue }
                #expect(binding?.exchange == MessageNames.workExchange)
                #expect(binding?.routingKey == MessageNames.workRoutingKey(stage, priority))
            }
        }
    }

    @Test func workersHearTheMostUrgentFirst() {
        #expect(
            Topology.standard.workQueues(.training).map { $0.split(separator: ".").last } == [
                "urgent", "routine", "bulk",
            ])
    }

    /// Losing a dead letter, or a study that came while the queue was full, is not an option.
    @Test func everyQueueIsReplicatedBoundedAndRefusesWhenFull() {
        for queue in Topology.standard.queues {
            #expect(queue.arguments["x-queue-type"] == "quorum")
            #expect(queue.arguments["x-overflow"] == "reject-publish")
            #expect((queue.arguments["x-max-length"]?.integer ?? 0) > 0)
            if queue.name == Topology.standard.deadQueue { continue }
            #expect(queue.arguments["x-delivery-limit"] == 5)
            #expect(queue.arguments["x-dead-letter-strategy"] == "at-least-once")
            #expect(queue.arguments["x-dead-letter-exchange"] == .string(Topology.standard.deadExchange))
        }
    }
}
