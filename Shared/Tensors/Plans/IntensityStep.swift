import Documents
import Faults

/// One transform of intensities as MONAI has it, over the whole volume. Names and arguments are MONAI's
/// (monai/transforms/intensity/array.py).
package enum IntensityStep: Sendable, Equatable {
    /// `ScaleIntensityRange`: linear from `lower` … `upper` to `newLower` … `newUpper`, clipped there if so.
    case scaleRange(lower: Double, upper: Double, newLower: Double, newUpper: Double, clips: Bool)
    /// `NormalizeIntensity`: minus the mean, by the biased deviation; of voxels that are not exactly 0 only, which stay
    /// 0, or of all.
    case standardise(nonZero: Bool)
    /// `GaussianSmooth` in "erf" form, `sigma` in voxels, zeros outside.
    case smooth(sigma: Double)
    /// `ScaleIntensity`: the volume's minimum and maximum to `lower` and `upper`.
    case stretch(lower: Double, upper: Double)

    /// Whether a voxel's new value depends on no other voxel.
    var isPointwise: Bool { if case .scaleRange = self { true } else { false } }
}

extension IntensityStep: Codable {
    private enum Name: String, CaseIterable {
        case scaleRange = "ScaleIntensityRange"
        case standardise = "NormalizeIntensity"
        case smooth = "GaussianSmooth"
        case stretch = "ScaleIntensity"
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case transform, nonzero, sigma, minv, maxv, clip
        case aMin = "a_min"
        case aMax = "a_max"
        case bMin = "b_min"
        case bMax = "b_max"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.settings(CodingKeys.self)
        let name = try values.decode(String.self, forKey: .transform)
        func number(_ key: CodingKeys) throws -> Double { try values.decode(Double.self, forKey: key) }
        switch Name(rawValue: name) {
        case .scaleRange:
            self = .scaleRange(
                lower: try number(.aMin), upper: try number(.aMax), newLower: try number(.bMin),
                newUpper: try number(.bMax), clips: try values.decodeIfPresent(Bool.self, forKey: .clip) ?? false)
        case .standardise:
            self = .standardise(nonZero: try values.decodeIfPresent(Bool.self, forKey: .nonzero) ?? false)
        case .smooth: self = .smooth(sigma: try values.decodeIfPresent(Double.self, forKey: .sigma) ?? 1)
        case .stretch:
            self = .stretch(
                lower: try values.decodeIfPresent(Double.self, forKey: .minv) ?? 0,
                upper: try values.decodeIfPresent(Double.self, forKey: .maxv) ?? 1)
        case nil:
            throw PlanError(
                .unreadablePlan,
                "intensity transform must be one of \(Name.allCases.map(\.rawValue).joined(separator: ", ")), got \"\(name.prefix(40))\""
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .scaleRange(let lower, let upper, let newLower, let newUpper, let clips):
            try values.encode(Name.scaleRange.rawValue, forKey: .transform)
            try values.encode(lower, forKey: .aMin)
            try values.encode(upper, forKey: .aMax)
            try values.encode(newLower, forKey: .bMin)
            try values.encode(newUpper, forKey: .bMax)
            try values.encode(clips, forKey: .clip)
        case .standardise(let nonZero):
            try values.encode(Name.standardise.rawValue, forKey: .transform)
            try values.encode(nonZero, forKey: .nonzero)
        case .smooth(let sigma):
            try values.encode(Name.smooth.rawValue, forKey: .transform)
            try values.encode(sigma, forKey: .sigma)
        case .stretch(let lower, let upper):
            try values.encode(Name.stretch.rawValue, forKey: .transform)
            try values.encode(lower, forKey: .minv)
            try values.encode(upper, forKey: .maxv)
        }
    }

    /// What is wrong with its numbers; nil: nothing.
    var defect: String? {
        switch self {
        case .scaleRange(let lower, let upper, let newLower, let newUpper, _):
            let isSound =
                [lower, upper, newLower, newUpper].allSatisfy(\.isFinite) && lower < upper && newLower < newUpper
            return isSound
                ? nil
                : "ScaleIntensityRange must rise from a_min to a_max and from b_min to b_max, got \(lower), \(upper), \(newLower), \(newUpper)"
        case .standardise: return nil
        case .smooth(let sigma):
            return (0.01...20).contains(sigma) ? nil : "GaussianSmooth's sigma must be 0.01 to 20 voxels, got \(sigma)"
        case .stretch(let lower, let upper):
            return lower.isFinite && upper.isFinite && lower < upper
                ? nil : "ScaleIntensity must rise from minv to maxv, got \(lower) to \(upper)"
        }
    }
}
