package import Anatomy
package import ArgumentParser
import Faults
import Foundation
import LabelMaps
package import Metrics
import Threads
package import Volumes

/// How two files are read and compared; shared with the benchmark.
package struct LabelMapComparison: ParsableArguments {
    package struct Pair: Sendable {
        package var truth: Volume<UInt8>
        package var prediction: Volume<UInt8>
        package var isResampled: Bool
        /// What was assumed in reading them, and what of their labels the label set does not have.
        package var remarks: [String] = []
    }

    @Option(
        help: ArgumentHelp(
            "Voxel sizes to assume in place of the files': one number, or three for i, j, k separated by commas.",
            valueName: "mm"),
        transform: Numbers.triple)
    package var spacing: [Double]?

    @Option(
        help: ArgumentHelp(
            "A distance within which surfaces count as the same; can be given several times. When left out: 1.5 and 3.",
            valueName: "mm"), in: .from(0))
    package var tolerance: [Double] = []

    @Option(help: "The label set: spine-25 or spine-24.")
    package var labelSet = "spine-25"

    @Option(help: "What ratios of empty classes are worth: undefined, monai, nnu-net or miseval.")
    package var emptyClasses = EmptyClassPolicy.undefined

    @Option(help: "Whose numbers the truth has: spine, verse, totalsegmentator-v1, totalsegmentator-v2 or monai-label.")
    package var truthNumbering = Numbering.columna

    @Option(help: "Whose numbers the prediction has.")
    package var predictionNumbering = Numbering.columna

    @Flag(help: "Resample the prediction's labels onto the truth's grid (nearest voxel) where grids differ.")
    package var resample = false

    @Flag(name: .customLong("no-mesh"), help: "Leave out the distances between marching-cubes surfaces.")
    package var noMesh = false

    @Option(
        help:
            "How many threads compute. When left out: COLUMNA_THREADS, else one a processor. Results are the same bits.",
        in: .threads)
    package var threads: Int?

    package init() {}

    package func validate() throws {
        guard LabelSet.named(labelSet) != nil else {
            throw ValidationError(
                "--label-set must be one of \(LabelSet.all.map(\.name).joined(separator: ", ")), got '\(labelSet)'")
        }
    }

    /// Blocks; see `OwnThread`.
    package func read(truth: String, prediction: String) throws -> Pair {
        guard let labelSet = LabelSet.named(labelSet) else {
            throw CommandFailure(.usage, "there is no label set '\(labelSet)'")
        }
        func read(_ side: String, _ path: String, _ numbering: Numbering) throws -> LabelMap {
            do {
                return try LabelMap(URL(filePath: path), numbering: numbering, labelSet: labelSet)
            } catch let error as NumberingError {
                throw CommandFailure(
                    .badData, "\(side) \(path): \(error) (--\(side)-numbering says how it is numbered)")
            }
        }
        let (own, other) = (
            try read("truth", truth, truthNumbering), try read("prediction", prediction, predictionNumbering)
        )
        var pair = Pair(
            truth: own.labels, prediction: other.labels, isResampled: false,
            remarks: own.remarks.map { "truth: \($0)" } + other.remarks.map { "prediction: \($0)" })
        if resample, !pair.truth.geometry.isSameGrid(as: pair.prediction.geometry) {
            pair.prediction = try onGrid(of: pair.truth, pair.prediction)
            pair.isResampled = true
        }
        do {
            try MetricsError.requireComparable(pair.truth.geometry, pair.prediction.geometry)
        } catch let error as MetricsError where error.code == .gridsDiffer {
            throw CommandFailure(.badData, error.description + " (--resample does it)")
        }
        if let spacing {
            pair.truth.geometry.affine = pair.truth.geometry.affine.withSpacing(inMillimetres: spacing)
            pair.prediction.geometry.affine = pair.truth.geometry.affine
        }
        return pair
    }

    /// By ITK's rules: what lies outside the prediction's volume was not predicted, and is background.
    private func onGrid(of truth: Volume<UInt8>, _ prediction: Volume<UInt8>) throws -> Volume<UInt8> {
        let covered = try Volume(geometry: prediction.geometry, repeating: UInt8(1)).resampled(
            onto: truth.geometry, convention: .itk)
        guard covered.voxels.contains(1) else {
            throw CommandFailure(
                .badData,
                "truth and prediction lie apart (\(truth.geometry) and \(prediction.geometry)): there is nothing to resample"
            )
        }
        return try prediction.resampled(onto: truth.geometry, interpolation: .nearest, convention: .itk)
    }

    /// Blocks; see `OwnThread`.
    package func measure(_ pair: Pair) throws -> CaseMetrics {
        guard let labelSet = LabelSet.named(labelSet) else {
            throw CommandFailure(.usage, "there is no label set '\(labelSet)'")
        }
        // Each once: they are keys of the document.
        let named = tolerance.enumerated().filter { !tolerance[..<$0.offset].contains($0.element) }.map(\.element)
        let tolerances = named.isEmpty ? MetricOptions().tolerancesInMillimetres : named
        return try CaseMetrics.measure(
            truth: pair.truth, prediction: pair.prediction, labelSet: labelSet,
            options: MetricOptions(
                tolerancesInMillimetres: tolerances, emptyClasses: emptyClasses, measuresMeshes: !noMesh),
            pool: threads.map(ComputePool.init(threads:)) ?? .shared)
    }
}

extension Affine {
    /// Axes in the same directions with other steps.
    fileprivate func withSpacing(inMillimetres spacing: [Double]) -> Affine {
        Affine(
            columns: zip(spacing, spacingInMillimetres).enumerated().map { column($0) * ($1.0 / $1.1) }, origin: origin)
    }
}
