import Foundation

/// How the learning rate moves from its value to the end of a run.
package enum Schedule: String, Sendable, Codable, CaseIterable {
    case constant
    /// rate · (1 − step / steps)^0.9.
    case polynomial
    /// The same by whole epochs, as nnU-Net does.
    case polynomialByEpoch = "polynomial-by-epoch"
    /// Half a cosine from the rate to 0.
    case cosine
}

extension Recipe {
    /// The learning rate of a step counted from 0, before `rateFactors`.
    package func learningRate(atStep step: Int, of steps: Int) -> Double {
        let stepsPerEpoch = max(1, steps / epochs)
        let warmup = warmupEpochs * stepsPerEpoch
        guard step >= warmup else { return learningRate * Double(step + 1) / Double(warmup) }
        let share = Double(step - warmup) / Double(max(1, steps - warmup))
        switch schedule {
        case .constant: return learningRate
        case .polynomial: return learningRate * pow(1 - share, 0.9)
        case .polynomialByEpoch:
            let epoch = step / stepsPerEpoch - warmupEpochs
            return learningRate * pow(1 - Double(epoch) / Double(max(1, epochs - warmupEpochs)), 0.9)
        case .cosine: return learningRate * 0.5 * (1 + cos(.pi * share))
        }
    }

    /// What the rate of a parameter is multiplied by; 0: it is frozen.
    package func rateFactor(of parameter: String) -> Double {
        if frozen.contains(where: { NamePattern($0).matches(parameter) }) { return 0 }
        let fitting = rateFactors.filter { NamePattern($0.key).matches(parameter) }
        return fitting.max { ($0.key.count, $1.key) < ($1.key.count, $0.key) }?.value ?? 1
    }
}

/// Names with `*` for any characters, dots among them.
package struct NamePattern {
    private let parts: [Substring]

    package init(_ pattern: String) { parts = pattern.split(separator: "*", omittingEmptySubsequences: false) }

    package func matches(_ name: String) -> Bool {
        guard parts.count > 1 else { return name == parts[0] }
        guard name.hasPrefix(parts[0]) else { return false }
        var rest = name.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }
}
