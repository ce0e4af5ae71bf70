import Foundation
import TensorCore

extension Augmentation {
    /// What happens to the sample `index`, in nnU-Net's order: a pure function of the arguments.
    package func operators(
        for patch: [Int], leftRightAxis: Int, seed: UInt64, index: Int
    ) -> [any PatchOperator] {
        var random = StepRandom(seed: seed, purpose: .operators, index: index)
        let isOfThickSlices = Self.isOfThickSlices(patch)
        var steps: [any PatchOperator] = [spatialTransform(patch, isOfThickSlices, &random)]
        if let jitter {
            var stream = StepRandom(seed: seed, purpose: .augmentation, index: index)
            steps.append(LightJitter(jitter, leftRightAxis: leftRightAxis, &stream))
        }
        if let deviation = noise.draw(&random) {
            steps.append(GaussianNoise(deviation: Float(deviation), seed: random.next()))
        }
        if random.unit() < blur.probability {
            steps.append(GaussianBlur(deviations: (0..<3).map { _ in blur.parameter(&random) }))
        }
        if let factor = brightness.drawAroundOne(&random) { steps.append(Brightness(factor: Float(factor))) }
        if let factor = contrast.drawAroundOne(&random) { steps.append(Contrast(factor: Float(factor))) }
        if let share = lowResolution.draw(&random) {
            steps.append(LowResolution(shares: [isOfThickSlices ? 1 : share, share, share]))
        }
        if let exponent = invertedGamma.drawAroundOne(&random) {
            steps.append(Gamma(exponent: Float(exponent), inverts: true))
        }
        if let exponent = gamma.drawAroundOne(&random) {
            steps.append(Gamma(exponent: Float(exponent), inverts: false))
        }
        let mirrored = (0..<3).filter {
            random.unit() < mirroring.probability && (mirroring.axes == .all || $0 == leftRightAxis)
        }
        if !mirrored.isEmpty { steps.append(Mirror(axes: mirrored)) }
        return steps
    }

    private func spatialTransform(
        _ patch: [Int], _ isOfThickSlices: Bool, _ random: inout StepRandom
    ) -> SpatialTransform {
        let rotation = isOfThickSlices ? rotationInPlane : rotation
        let isRotated = random.unit() < rotation.probability
        let isScaled = random.unit() < scaling.probability
        let isDeformed = random.unit() < elastic.probability
        var degrees = [0.0, 0, 0]
        // A rotation within slices is one about the axis across them, the first.
        if isRotated { for axis in isOfThickSlices ? 0..<1 : 0..<3 { degrees[axis] = rotation.parameter(&random) } }
        let factor = isScaled ? scaling.parameter(&random) : 1
        let scales = [isOfThickSlices ? 1 : factor, factor, factor]
        let field =
            isDeformed
            ? ElasticField(
                patch: patch, smoothness: random.within(elastic.smoothness),
                displacement: random.within(elastic.displacement), isWithinSlices: isOfThickSlices, &random)
            : nil
        return SpatialTransform(
            patch: patch,
            matrix: isRotated || isScaled ? SpatialTransform.matrix(degrees: degrees, scales: scales) : nil,
            field: field)
    }
}

extension Augmentation.Chance {
    /// The parameter where the operator is applied.
    fileprivate func draw(_ random: inout StepRandom) -> Double? {
        random.unit() < probability ? parameter(&random) : nil
    }

    fileprivate func parameter(_ random: inout StepRandom) -> Double { random.within(range) }

    /// nnU-Net's law of factors: half of them below 1 and half above, where the range has both.
    fileprivate func drawAroundOne(_ random: inout StepRandom) -> Double? {
        guard random.unit() < probability else { return nil }
        let isBelow = random.unit() < 0.5
        guard range.contains(1) else { return random.within(range) }
        return isBelow && range.lowerBound < 1
            ? random.uniform(range.lowerBound, 1) : random.uniform(1, range.upperBound)
    }
}

extension StepRandom {
    mutating func within(_ range: ClosedRange<Double>) -> Double { uniform(range.lowerBound, range.upperBound) }
}
