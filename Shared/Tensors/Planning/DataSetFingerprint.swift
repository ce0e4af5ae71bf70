package import Foundation
import Statistics

/// What nnU-Net plans a network by: the images' grids, and the intensities of what is labelled.
///
/// Axes are those of the images as nnU-Net reads them: (k, j, i), the slowest first. Source:
/// nnunetv2/experiment_planning/dataset_fingerprint.
package struct DataSetFingerprint: Sendable, Equatable {
    /// The foreground's Hounsfield units, over all cases.
    package struct Intensities: Sendable, Equatable, Codable {
        package var mean: Double
        package var median: Double
        /// Of the population, with n.
        package var standardDeviation: Double
        package var minimum: Double
        package var maximum: Double
        /// Linear between neighbours.
        package var percentile0_5: Double
        package var percentile99_5: Double

        package init(
            mean: Double, median: Double, standardDeviation: Double, minimum: Double, maximum: Double,
            percentile0_5: Double, percentile99_5: Double
        ) {
            self.mean = mean
            self.median = median
            self.standardDeviation = standardDeviation
            self.minimum = minimum
            self.maximum = maximum
            self.percentile0_5 = percentile0_5
            self.percentile99_5 = percentile99_5
        }

        private enum CodingKeys: String, CodingKey {
            case mean, median
            case standardDeviation = "std"
            case minimum = "min"
            case maximum = "max"
            case percentile0_5 = "percentile_00_5"
            case percentile99_5 = "percentile_99_5"
        }
    }

    /// Of each case, in mm.
    package var spacings: [[Double]]
    /// Of each case, in voxels, cropped to what is not zero.
    package var shapes: [[Int]]
    package var intensities: Intensities
    /// Of the cropped volume to the whole, the median over cases.
    package var medianRelativeSize: Double

    package init(
        spacings: [[Double]], shapes: [[Int]], intensities: Intensities, medianRelativeSize: Double = 1
    ) {
        self.spacings = spacings
        self.shapes = shapes
        self.intensities = intensities
        self.medianRelativeSize = medianRelativeSize
    }
}

/// Medians over the cases, per axis; of an even number of cases they may have halves.
extension DataSetFingerprint {
    package var medianSpacing: [Double] { Self.medians(spacings) }
    package var medianShape: [Double] { Self.medians(shapes.map { $0.map(Double.init) }) }

    /// Of the images resampled to so many mm.
    package func medianShape(atSpacing target: [Double]) -> [Double] {
        Self.medians(
            zip(shapes, spacings).map { shape, spacing in
                (0..<3).map { (Double(shape[$0]) * (spacing[$0] / target[$0])).rounded(.toNearestOrEven) }
            })
    }

    /// A fingerprint has one case at least.
    private static func medians(_ rows: [[Double]]) -> [Double] {
        (0..<3).map { axis in Sample(rows.map { $0[axis] })?.quantile(0.5) ?? 0 }
    }
}

/// `dataset_fingerprint.json`, as nnU-Net writes it.
extension DataSetFingerprint: Codable {
    private enum CodingKeys: String, CodingKey {
        case spacings
        case shapes = "shapes_after_crop"
        case intensities = "foreground_intensity_properties_per_channel"
        case medianRelativeSize = "median_relative_size_after_cropping"
    }

    /// The file's bytes; the same fingerprint gives the same.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        spacings = try values.decode([[Double]].self, forKey: .spacings)
        shapes = try values.decode([[Int]].self, forKey: .shapes)
        let channels = try values.decode([String: Intensities].self, forKey: .intensities)
        guard channels.count == 1, let only = channels["0"] else {
            throw DecodingError.dataCorruptedError(
                forKey: .intensities, in: values,
                debugDescription: "intensities of \(channels.count) channels, expected one channel, 0, of CT")
        }
        intensities = only
        medianRelativeSize = try values.decode(Double.self, forKey: .medianRelativeSize)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(spacings, forKey: .spacings)
        try values.encode(shapes, forKey: .shapes)
        try values.encode(["0": intensities], forKey: .intensities)
        try values.encode(medianRelativeSize, forKey: .medianRelativeSize)
    }
}
