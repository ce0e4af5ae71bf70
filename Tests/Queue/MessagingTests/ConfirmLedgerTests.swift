import Messaging
import Testing

@Suite struct ConfirmLedgerTests {
    private static func entry(_ index: Int, key: String = "key", id: String? = nil) -> ConfirmLedger.Entry {
        ConfirmLedger.Entry(batch: 0, index: index, exchange: "exchange", routingKey: key, messageID: id ?? "m\(index)")
    }

    private static func ledger(_ count: Int) -> ConfirmLedger {
        var ledger = ConfirmLedger()
        for index in 0..<count { ledger.add(entry(index)) }
        return ledger
    }

    @Test func multipleSettlesEverythingUpToItsTag() {
        var ledger = Self.ledger(5)
        #expect(ledger.settle(2, multiple: false, rejected: false).map(\.index) == [1])
        #expect(ledger.settle(4, multiple: true, rejected: false).map(\.index) == [0, 2, 3])
        #expect(ledger.outstandingCount == 1)
        #expect(
            ledger.settle(5, multiple: false, rejected: true) == [
                ConfirmLedger.Settled(batch: 0, index: 4, result: .rejected)
            ])
        #expect(ledger.outstandingCount == 0)
    }

    @Test func returnMarksTheOldestMatch() {
        var ledger = ConfirmLedger()
        ledger.add(Self.entry(0, key: "routed", id: "same"))
        ledger.add(Self.entry(1, key: "lost", id: "same"))
        ledger.add(Self.entry(2, key: "lost", id: "same"))
        ledger.markReturned(exchange: "exchange", routingKey: "lost", messageID: "same", reason: "NO_ROUTE")
        let results = ledger.settle(3, multiple: true, rejected: false).map(\.result)
        #expect(results == [.confirmed, .returned(reason: "NO_ROUTE"), .confirmed])
    }

    @Test(arguments: [0, 6, UInt64.max])
    func unknownTagChangesNothing(tag: UInt64) {
        var ledger = Self.ledger(5)
        #expect(ledger.settle(tag, multiple: true, rejected: false).isEmpty)
        #expect(ledger.outstandingCount == 5)
    }

    @Test func tagSettledTwiceCountsOnce() {
        var ledger = Self.ledger(3)
        #expect(ledger.settle(2, multiple: false, rejected: false).count == 1)
        #expect(ledger.settle(2, multiple: false, rejected: false).isEmpty)
        #expect(ledger.settle(1, multiple: true, rejected: false).count == 1)
        #expect(ledger.settle(1, multiple: false, rejected: false).isEmpty)
        #expect(ledger.outstandingCount == 1)
    }

    @Test func tagsGoOnAfterEntriesAreForgotten() {
        var ledger = ConfirmLedger()
        for round in 0..<20000 {
            ledger.add(Self.entry(round))
            // One message stays behind, so that the ledger is never empty and has to forget its beginning.
            if round > 0 {
                #expect(ledger.settle(UInt64(round), multiple: false, rejected: false).map(\.index) == [round - 1])
            }
        }
        #expect(ledger.outstandingCount == 1)
    }
}
