/// What numbers a metric can have, and which of them are good.
package enum MetricScale: Sendable {
    /// 0 (worst) to 1 (best).
    case ratio
    /// −1 to 1 (best), 0 for chance.
    case beyondChance
    /// Millimetres, 0 (best) or more.
    case distance
    /// Per cent to both sides of 0, which is best.
    case signedError

    package enum Unit: String, Sendable {
        case ratio
        case millimetres = "mm"
        case percent = "%"
    }

    /// Which way is better; the raw value completes “… is better”.
    package enum Direction: String, Sendable {
        case higher
        case lower
        case nearerToZero = "nearer to 0"
    }

    package var unit: Unit {
        switch self {
        case .ratio, .beyondChance: .ratio
        case .distance: .millimetres
        case .signedError: .percent
        }
    }

    package var direction: Direction {
        switch self {
        case .ratio, .beyondChance: .higher
        case .distance: .lower
        case .signedError: .nearerToZero
        }
    }

    /// Every value lies in it.
    package var range: ClosedRange<Double> {
        switch self {
        case .ratio: 0...1
        case .beyondChance: -1...1
        case .distance: 0...Double.infinity
        case .signedError: -100...Double.infinity
        }
    }

    package var best: Double { direction == .higher ? 1 : 0 }

    /// Unit and range as the comments of the database's columns say them.
    package var words: String {
        switch self {
        case .ratio: "0 (worst) to 1 (best)"
        case .beyondChance: "−1 to 1 (best)"
        case .distance: "mm, 0 (best) or more"
        case .signedError: "−100 or more, 0 is best"
        }
    }
}
