import Anatomy
package import Networks
package import Volumes

/// Every decision a model was trained under and must be run with: one `plan.json`, made once, read by preprocessing,
/// training and inference, and carried inside the model file.
///
/// Axes are (i, j, k) of the canonical grid: to the right, to the front, to the head.
package struct Plan: Sendable, Equatable, Codable {
    package static let currentSchemaVersion = 1

    package var schemaVersion = Plan.currentSchemaVersion
    /// The name of the label set; class c of the network is label c of the set. A name that `Anatomy` doesn't know is taken as it is.
    package var labelSet = "spine-25"
    /// Three letters of the axes' directions. Only RAS for now.
    package var orientation = "RAS"
    package var spacingInMillimetres = [1.5, 1.5, 1.5]
    /// For images; labels always take the nearest voxel.
    package var interpolation = Interpolation.linear
    package var intensities = Intensities.spine
    /// Edge of the network's windows, in voxels.
    package var patch = [96, 96, 96]
    package var slidingWindow = WindowPlan()
    package var network = NetworkConfiguration.segResNet(SegResNet.Configuration())

    enum CodingKeys: String, CodingKey, CaseIterable {
        case schemaVersion, labelSet, orientation, spacingInMillimetres, interpolation, intensities, patch, slidingWindow, network
    }

    package init() {}

    /// Classes of the network, background included.
    package var classes: Int { network.outputChannels }

    /// - Throws: `PlanError.invalidPlan` naming the decision, its value and what was expected.
    package func validate() throws {
        try demand(schemaVersion == Plan.currentSchemaVersion, "schemaVersion must be \(Plan.currentSchemaVersion), got \(schemaVersion)")
        try demand(orientation == "RAS", "orientation must be RAS, got \(orientation.prefix(8))")
        try demand(
            spacingInMillimetres.count == 3 && spacingInMillimetres.allSatisfy { (0.1...20).contains($0) },
            "spacing must be 0.1 to 20 mm on each of three axes, got \(spacingInMillimetres)")
        if case .window(let lower, let upper) = intensities {
            try demand(
                lower.isFinite && upper.isFinite && lower < upper, "intensity window must rise from lower to upper HU, got \(lower) to \(upper)")
        }
        do {
            try network.validate()
            try network.requireRunnable()
        } catch { throw PlanError(.invalidPlan, "network: \(error)") }
        try demand(network.inputChannels == 1, "the network must have one input channel, got \(network.inputChannels)")
        try demand((2...256).contains(network.outputChannels), "the network must have 2 to 256 classes, got \(network.outputChannels)")
        if let set = LabelSet.named(labelSet) {
            try demand(
                set.channels == classes, "label set \(labelSet) needs \(set.channels) classes with background, the network has \(classes)")
        }
        try validatePatch()
        try validateWindows()
    }

    private func validatePatch() throws {
        let divisors = network.spatialDivisors
        try demand(
            patch.count == 3 && zip(patch, divisors).allSatisfy { $0 > 0 && $0 % $1 == 0 },
            "patch must have three edges divisible by \(divisors) (a network of \(network.features.count) levels), got \(patch)")
    }

    private func validateWindows() throws {
        try demand(
            slidingWindow.overlap >= 0 && slidingWindow.overlap < 1, "overlap must lie in 0 ..< 1, got \(slidingWindow.overlap)")
        try demand(
            slidingWindow.sigmaScale > 0 && slidingWindow.sigmaScale.isFinite,
            "sigma scale must be positive, got \(slidingWindow.sigmaScale)")
    }

    private func demand(_ holds: Bool, _ sentence: @autoclosure () -> String) throws {
        guard holds else { throw PlanError(.invalidPlan, sentence()) }
    }
}
