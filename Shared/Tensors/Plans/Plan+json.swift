import Documents
import Faults
import Files
package import Foundation
import Networks
import TensorCore
import Volumes

extension Plan {
    /// Deterministic bytes: sorted keys, two-space indentation, no trailing line break.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// Names everything but MONAI's rules of resampling and what is new since: plans from before there was a choice
    /// keep their bytes, and the digests made of them.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(schemaVersion, forKey: .schemaVersion)
        try values.encode(labelSet, forKey: .labelSet)
        try values.encodeIfPresent(classLabels, forKey: .classLabels)
        if mergesClasses { try values.encode(true, forKey: .mergesClasses) }
        try values.encode(orientation, forKey: .orientation)
        try values.encode(spacingInMillimetres, forKey: .spacingInMillimetres)
        if keepsSpacing { try values.encode(true, forKey: .keepsSpacing) }
        try values.encode(interpolation, forKey: .interpolation)
        if resampling != .monai { try values.encode(resampling, forKey: .resampling) }
        if labelGrid != .original { try values.encode(labelGrid, forKey: .labelGrid) }
        try values.encode(intensities, forKey: .intensities)
        if trainingCrop != .none { try values.encode(trainingCrop, forKey: .trainingCrop) }
        try values.encode(patch, forKey: .patch)
        try values.encode(slidingWindow, forKey: .slidingWindow)
        try values.encode(network, forKey: .network)
        try values.encodeIfPresent(training, forKey: .training)
    }

    /// A plan may name only what differs from the defaults.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.settings(CodingKeys.self)
        self.init()
        try values.read(.schemaVersion, into: &schemaVersion)
        try values.read(.labelSet, into: &labelSet)
        try values.read(.classLabels, into: &classLabels)
        try values.read(.mergesClasses, into: &mergesClasses)
        try values.read(.orientation, into: &orientation)
        try values.read(.spacingInMillimetres, into: &spacingInMillimetres)
        try values.read(.keepsSpacing, into: &keepsSpacing)
        try values.read(.interpolation, into: &interpolation, of: Interpolation.allCases)
        try values.read(.resampling, into: &resampling, of: [.monai, .nnUNet, .totalSegmentator])
        try values.read(.labelGrid, into: &labelGrid, of: LabelGrid.allCases)
        try values.read(.intensities, into: &intensities)
        try values.read(.trainingCrop, into: &trainingCrop, of: TrainingCrop.allCases)
        try values.read(.patch, into: &patch)
        try values.read(.slidingWindow, into: &slidingWindow)
        if values.contains(.network) { try Self.requireNetworkKeys(values.superDecoder(forKey: .network)) }
        try values.read(.network, into: &network)
        try values.read(.training, into: &training)
    }

    /// A misspelt key must not be taken for its default, and every architecture has keys of its own.
    private static func requireNetworkKeys(_ decoder: any Decoder) throws {
        var architecture = Architecture.segResNet
        try decoder.container(keyedBy: NetworkConfiguration.CodingKeys.self)
            .read(.architecture, into: &architecture, of: Architecture.allCases)
        try decoder.requireKeys(among: architecture.configurationKeys)
    }

    /// What came in place of JSON, where its first bytes tell.
    private static func kind(_ data: Data) -> String? {
        guard let kind = FileKind([UInt8](data.prefix(FileKind.byteCount))), kind != .json, kind != .text else {
            return nil
        }
        return "it is not JSON but \(kind)"
    }

    /// Bytes of JSON; plans have some two thousand. Parsed, a byte may take dozens.
    private static let longestPlan = 1 << 20

    /// Reads and validates.
    /// - Throws: `PlanError.unreadablePlan` if the bytes aren't a plan of this schema, `.invalidPlan` if its decisions
    ///   contradict.
    package init(json: Data) throws {
        guard json.count <= Self.longestPlan else {
            if let kind = Self.kind(json) { throw PlanError(.unreadablePlan, "plan is not readable: \(kind)") }
            throw PlanError(.unreadablePlan, "plan has \(json.count) bytes, at most \(Self.longestPlan) are expected")
        }
        struct Version: Decodable { let schemaVersion: Int? }
        do {
            let version = try JSONDecoder().decode(Version.self, from: json).schemaVersion ?? Plan.currentSchemaVersion
            guard version == Plan.currentSchemaVersion else {
                throw PlanError(
                    .unreadablePlan,
                    "plan has schema version \(version), this version of the program reads \(Plan.currentSchemaVersion)"
                )
            }
            try SettingsDefect.refuseDuplicates(in: json)
            self = try JSONDecoder().decode(Plan.self, from: json)
        } catch let error as DecodingError {
            throw PlanError(.unreadablePlan, "plan is not readable: \(Self.kind(json) ?? "\(SettingsDefect(error))")")
        } catch let error as TensorError {
            throw PlanError(.unreadablePlan, "plan is not readable: network: \(error)")
        } catch let defect as SettingsDefect {
            throw PlanError(.unreadablePlan, "plan is not readable: \(defect)")
        }
        try validate()
    }
}
