/// Which published messages the broker has not answered for yet. A value: it decides, ``PublishingRole`` acts.
///
/// The broker numbers publishes from 1 on, answers each number once, in any order or many at a time (`multiple`), and
/// sends basic.return for an unroutable message before its answer.
package struct ConfirmLedger {
    package struct Entry: Hashable {
        package let batch: Int
        package let index: Int
        package let exchange: String
        package let routingKey: String
        package let messageID: String?
        package var returnReason: String?

        package init(batch: Int, index: Int, exchange: String, routingKey: String, messageID: String?) {
            self.batch = batch
            self.index = index
            self.exchange = exchange
            self.routingKey = routingKey
            self.messageID = messageID
        }
    }

    package struct Settled: Hashable {
        package let batch: Int
        package let index: Int
        package let result: PublishResult

        package init(batch: Int, index: Int, result: PublishResult) {
            self.batch = batch
            self.index = index
            self.result = result
        }
    }

    package init() {}

    /// The tag of `entries[head]`.
    private var firstTag: UInt64 = 1
    private var head = 0
    private var entries: [Entry?] = []
    package private(set) var outstandingCount = 0

    /// Call in the order of publishing.
    package mutating func add(_ entry: Entry) {
        entries.append(entry)
        outstandingCount += 1
    }

    /// The message is the oldest unanswered one with this address and id that was not returned yet.
    package mutating func markReturned(exchange: String, routingKey: String, messageID: String?, reason: String) {
        let index = entries[head...].firstIndex { entry in
            guard let entry, entry.returnReason == nil else { return false }
            return entry.messageID == messageID && entry.routingKey == routingKey && entry.exchange == exchange
        }
        if let index { entries[index]?.returnReason = reason }
    }

    /// An ack or a nack. Tags that were never given or are settled already change nothing.
    package mutating func settle(_ tag: UInt64, multiple: Bool, rejected: Bool) -> [Settled] {
        guard tag >= firstTag, tag - firstTag < UInt64(entries.count - head) else { return [] }
        let last = head + Int(tag - firstTag)
        var settled: [Settled] = []
        for index in multiple ? head...last : last...last {
            guard let entry = entries[index] else { continue }
            entries[index] = nil
            let result: PublishResult =
                rejected ? .rejected : entry.returnReason.map { .returned(reason: $0) } ?? .confirmed
            settled.append(Settled(batch: entry.batch, index: entry.index, result: result))
        }
        outstandingCount -= settled.count
        forgetSettledPrefix()
        return settled
    }

    private mutating func forgetSettledPrefix() {
        while head < entries.count, entries[head] == nil {
            head += 1
            firstTag += 1
        }
        if head > 4096 || head == entries.count {
            entries.removeFirst(head)
            head = 0
        }
    }
}
