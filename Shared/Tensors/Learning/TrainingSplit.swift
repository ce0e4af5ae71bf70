import Faults

/// Which cases are learned from and which are kept to choose the best epoch.
package struct TrainingSplit: Sendable, Equatable, Codable {
    package var training: [Int]
    package var validation: [Int]

    package init(training: [Int], validation: [Int]) {
        self.training = training
        self.validation = validation
    }

    /// The first cases train, the last `fraction` validate (rounded; at least one of each when there are two cases and
    /// the fraction isn't 0).
    package init(count: Int, validationFraction fraction: Double) {
        var kept = Int((Double(count) * fraction).rounded())
        if fraction > 0, count > 1 { kept = min(max(kept, 1), count - 1) }
        if count <= 1 { kept = 0 }
        self.init(training: Array(0..<(count - kept)), validation: Array((count - kept)..<count))
    }

    /// The recipe's: of cases as they are the last validate; of generated ones those that are kept for it, and all
    /// others train, which no list holds.
    static func chosen(from cases: any TrainingCases, _ recipe: Recipe) -> TrainingSplit {
        cases.areGenerated
            ? TrainingSplit(training: [], validation: Array(0..<cases.count))
            : TrainingSplit(count: cases.count, validationFraction: recipe.validationFraction)
    }

    /// - Throws: `LearningError.unusableCases`.
    func validate(for cases: any TrainingCases) throws {
        let count = cases.count
        guard !training.isEmpty || cases.areGenerated else {
            throw LearningError(.unusableCases, "no case to train on, got \(count) in all")
        }
        let all = training + validation
        guard Set(all).count == all.count, all.allSatisfy({ (0..<count).contains($0) }) else {
            throw LearningError(
                .unusableCases,
                "training and validation cases must differ and lie in 0 ..< \(count), got \(training) and \(validation)"
            )
        }
    }
}
