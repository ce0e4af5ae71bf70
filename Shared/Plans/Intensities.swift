/// How Hounsfield units become what the network sees. Always applied to the whole volume, after resampling.
package enum Intensities: Sendable, Equatable {
    /// Linear from `lower` … `upper` HU to −1 … 1, clipped at both ends. Every scan gets the same scale, whatever is in view.
    case window(lower: Double, upper: Double)
    /// MONAI Label's radiology task: z-score over the voxels that are not exactly 0, Gaussian smoothing with sigma 0.4 voxel
    /// and zero padding, then the volume's own minimum and maximum to −1 and 1.
    case monaiLabel

    /// Soft tissue to cortical bone; denser voxels are metal.
    package static let spine = Intensities.window(lower: -250, upper: 1250)
}

extension Intensities: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case scheme, lower, upper
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.settings(CodingKeys.self)
        let scheme = try values.decode(String.self, forKey: .scheme)
        switch scheme {
        case "window":
            self = .window(
                lower: try values.decode(Double.self, forKey: .lower), upper: try values.decode(Double.self, forKey: .upper))
        case "monaiLabel":
            self = .monaiLabel
        default:
            throw PlanError(.unreadablePlan, "intensity scheme must be \"window\" or \"monaiLabel\", got \"\(scheme.prefix(40))\"")
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
        }
    }
}
