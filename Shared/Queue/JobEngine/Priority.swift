/// How urgent a job is. Older jobs rise: a waiting job overtakes a more urgent one that is younger by more than the
/// head start.
package enum Priority: SharedWord {
    case urgent, routine, bulk
    case unknown(String)

    package static let allCases: [Self] = [.urgent, .routine, .bulk]

    package var rawValue: String {
        switch self {
        case .urgent: "urgent"
        case .routine: "routine"
        case .bulk: "bulk"
        case .unknown(let word): word
        }
    }

    /// Seconds by which a job of this priority is treated as having been queued later than it was.
    ///
    /// Claims take the smallest `queued at + handicap`, so aging needs no recomputation and the order is an index.
    package var handicapInSeconds: Double {
        switch self {
        case .urgent: 0
        case .routine: 15 * 60
        case .bulk, .unknown: 4 * 60 * 60
        }
    }
}
