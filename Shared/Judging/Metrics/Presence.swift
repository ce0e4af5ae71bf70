/// Where a class occurs.
package enum Presence: String, Sendable, Codable, CaseIterable {
    case both
    case truthOnly
    case predictionOnly
    /// In neither: nothing was to be found and nothing was, which is neither success nor failure.
    case absent

    package init(inTruth: Bool, inPrediction: Bool) {
        self =
            switch (inTruth, inPrediction) {
            case (true, true): .both
            case (true, false): .truthOnly
            case (false, true): .predictionOnly
            case (false, false): .absent
            }
    }
}
