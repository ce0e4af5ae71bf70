/// How long a job of a kind may wait, run, and run without progress. PostgreSQL keeps the same in
/// `columna.kind_limits`, where operators change them.
package struct KindLimits: Sendable, Equatable {
    package var waitingInSeconds: Double
    package var runningInSeconds: Double
    package var noProgressInSeconds: Double

    package init(waitingInSeconds: Double, runningInSeconds: Double, noProgressInSeconds: Double) {
        self.waitingInSeconds = waitingInSeconds
        self.runningInSeconds = runningInSeconds
        self.noProgressInSeconds = noProgressInSeconds
    }

    package static func standard(_ kind: JobKind) -> KindLimits {
        let hour = 3600.0
        let (running, noProgress): (Double, Double) =
            switch kind {
            case .ingestStudy, .deliverSegmentation, .preprocessVolume, .evaluateSegmentation, .summarizeEvaluation,
                .compareEvaluations:
                (4 * hour, hour)
            case .retrieveStudy: (12 * hour, hour)
            case .segmentVolume: (12 * hour, 2 * hour)
            case .trainModel, .unknown: (30 * 24 * hour, 12 * hour)
            case .rehearsal: (hour, hour)
            }
        return KindLimits(waitingInSeconds: 30 * 24 * hour, runningInSeconds: running, noProgressInSeconds: noProgress)
    }
}
