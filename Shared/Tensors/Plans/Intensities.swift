import Documents
import Faults
import Volumes

/// How Hounsfield units become what the network sees. Always applied to the whole volume: after resampling, as MONAI
/// does, or before it, as nnU-Net does (`precedesResampling`).
package enum Intensities: Sendable, Equatable {
    /// Linear from `lower` … `upper` HU to −1 … 1, clipped at both ends. Every scan gets the same scale, whatever is in
    /// view.
    case window(lower: Double, upper: Double)
    /// MONAI Label's radiology task: z-score over the voxels that are not exactly 0, Gaussian smoothing with sigma 0.4
    /// voxel and zero padding, then the volume's own minimum and maximum to −1 and 1.
    case monaiLabel
    /// nnU-Net's `CTNormalization`: clipped to `lower` … `upper` HU (the 0.5th and 99.5th percentile of the training
    /// set's foreground), then minus its `mean`, divided by its `deviation` (at least 1e-8), all in single precision
    /// and before resampling.
    case ct(lower: Double, upper: Double, mean: Double, deviation: Double)
    /// MONAI's transforms, one after the other.
    case steps([IntensityStep])

    /// Soft tissue to cortical bone; denser voxels are metal.
    package static let spine = Intensities.window(lower: -250, upper: 1250)

    /// Whether the volume's own voxels are mapped and the results resampled: not the same, because clipping doesn't
    /// commute with interpolation.
    package var precedesResampling: Bool {
        switch self {
        case .window, .monaiLabel, .steps: false
        case .ct: true
        }
    }

    /// HU at and below which everything looks the same to the network; nil where that depends on the volume.
    package var lowerLimit: Double? {
        switch self {
        case .window(let lower, _), .ct(let lower, _, _, _): lower
        case .monaiLabel: nil
        case .steps(let steps):
            if case .scaleRange(let lower, _, _, _, true) = steps.first, steps.allSatisfy(\.isPointwise) {
                lower
            } else {
                nil
            }
        }
    }

    /// What a voxel of so many HU becomes; nil where that depends on the volume it is in.
    package func value(ofHounsfieldUnits units: Double) -> Float? {
        guard lowerLimit != nil else { return nil }
        return applied(to: Volume(geometry: Geometry(size: [1, 1, 1], affine: .identity), voxels: [Float(units)])).first
    }
}

extension Intensities: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case scheme, lower, upper, mean, standardDeviation, steps
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.settings(CodingKeys.self)
        let scheme = try values.decode(String.self, forKey: .scheme)
        switch scheme {
        case "window":
            self = .window(
                lower: try values.decode(Double.self, forKey: .lower),
                upper: try values.decode(Double.self, forKey: .upper))
        case "monaiLabel":
            self = .monaiLabel
        case "ctNormalization":
            self = .ct(
                lower: try values.decode(Double.self, forKey: .lower),
                upper: try values.decode(Double.self, forKey: .upper),
                mean: try values.decode(Double.self, forKey: .mean),
                deviation: try values.decode(Double.self, forKey: .standardDeviation))
        case "steps": self = .steps(try values.decode([IntensityStep].self, forKey: .steps))
        default:
            throw PlanError(
                .unreadablePlan,
                "intensity scheme must be \"window\", \"monaiLabel\", \"ctNormalization\" or \"steps\", got \"\(scheme.prefix(40))\""
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .window(let lower, let upper):
            try values.encode("window", forKey: .scheme)
            try values.encode(lower, forKey: .lower)
            try values.encode(upper, forKey: .upper)
        case .monaiLabel:
            try values.encode("monaiLabel", forKey: .scheme)
        case .ct(let lower, let upper, let mean, let deviation):
            try values.encode("ctNormalization", forKey: .scheme)
            try values.encode(lower, forKey: .lower)
            try values.encode(upper, forKey: .upper)
            try values.encode(mean, forKey: .mean)
            try values.encode(deviation, forKey: .standardDeviation)
        case .steps(let steps):
            try values.encode("steps", forKey: .scheme)
            try values.encode(steps, forKey: .steps)
        }
    }
}
