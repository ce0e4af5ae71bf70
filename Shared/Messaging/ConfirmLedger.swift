/// Which published messages the broker has not answered for yet. A value: it decides, ``PublishingRole`` acts.
///
/// The broker numbers publishes from 1 on, answers each number once, in any order or many at a time (`multiple`), and sends
/// basic.return for an unroutable message before its answer.
struct ConfirmLedger {
    struct Entry: Hashable {
        let batch: Int
        let index: Int
        let exchange: String
        let routingKey: String
        let messageID: String?
        var returnReason: String?
    }

    struct Settled: Hashable {
        let batch: Int
        let index: Int
        let result: PublishResult
    }

    /// The tag of `entries[head]`.
    private var firstTag: UInt64 = 1
    private var head = 0
    private var entries: [Entry?] = []
    private(set) var outstandingCount = 0

    /// Call in the order of publishing.
    mutating func add(_ entry: Entry) {
        entries.append(entry)
        outstandingCount += 1
    }

    /// The message is the oldest unanswered one with this address and id that was not returned yet.
    mutating func markReturned(exchange: String, routingKey: String, messageID: String?, reason: String) {
        let index = entries[head...].firstIndex { entry in
            guard let entry, entry.returnReason == nil else { return false }
            return entry.messageID == messageID && entry.routingKey == routingKey && entry.exchange == exchange
        }
        if let index { entries[index]?.returnReason = reason }
    }

    /// An ack or a nack. Tags that were never given or are settled already change nothing.
    mutating func settle(_ tag: UInt64, multiple: Bool, rejected: Bool) -> [Settled] {
        guard tag >= firstTag, tag - firstTag < UInt64(entries.count - head) else { return [] }
        let last = head + Int(tag - firstTag)
        var settled: [Settled] = []
        for index in multiple ? head...last : last...last {
            guard let entry = entries[index] else { continue }
            entries[index] = nil
            let result: PublishResult = rejected ? .rejected : entry.returnReason.map { .returned(reason: $0) } ?? .confirmed
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
