/// Where the relay of a lane begins to look in the outbox.
///
/// Deleted rows that an old transaction (an analyst's) may still see stay in the index, and every look from the
/// beginning would wade through them. So the relay begins behind the last row it deleted, and looks at all only every
/// few rounds: for rows of transactions that took their number early and committed late, and for rows that the broker
/// refused.
struct OutboxMark: Sendable {
    private static let roundsBetweenFullLooks = 20

    private var mark: Int64 = 0
    private var rounds = 0

    /// The first id to look at in this round.
    mutating func start() -> Int64 {
        rounds += 1
        return rounds % Self.roundsBetweenFullLooks == 1 ? 0 : mark
    }

    mutating func advance(to id: Int64) { mark = max(mark, id + 1) }
}
