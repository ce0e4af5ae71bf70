/// A named numbering of the classes a network predicts: which voxel value means which vertebra.
///
/// Labels are in anatomical order from the head down, and their values are 1, 2, 3 … without gaps, so a network with
/// `channels` outputs has background in channel 0 and the label of value `v` in channel `v`.
package struct LabelSet: Sendable, Hashable {
    package let name: String
    package let labels: [Label]

    /// C1…C7 = 1…7, T1…T12 = 8…19, L1…L5 = 20…24, sacrum = 25.
    package static let spine25 = LabelSet(name: "spine-25", names: vertebrae + ["sacrum"])
    /// The same without the sacrum.
    package static let spine24 = LabelSet(name: "spine-24", names: vertebrae)
    package static let all = [spine25, spine24]

    /// The label set of this name (`spine-25`, `spine-24`), or nil.
    package static func named(_ name: String) -> LabelSet? {
        all.first { $0.name == name }
    }

    /// The network outputs this set needs: background and one per label.
    package var channels: Int { labels.count + 1 }

    /// The highest voxel value of the set.
    package var highestValue: UInt8 { UInt8(labels.count) }

    /// The label with this voxel value; nil for background and values outside the set.
    package func label(of value: UInt8) -> Label? {
        value == 0 || value > highestValue ? nil : labels[Int(value) - 1]
    }

    /// The name of this voxel value (`background` for 0), or nil outside the set.
    package func name(of value: UInt8) -> String? {
        value == 0 ? "background" : label(of: value)?.name
    }

    /// The voxel value of this name (`background` is 0), or nil outside the set. Case does not matter.
    package func value(of name: String) -> UInt8? {
        let name = name.lowercased()
        if name == "background" { return 0 }
        return labels.first { $0.name.lowercased() == name }?.value
    }

    /// The same of a bone as others have it: some cut S1 out of the sacrum, to which it belongs here.
    package func value(ofBone name: String, sacrum: SacrumExtent = .withS1) -> UInt8? {
        value(of: name.lowercased() == "s1" && sacrum == .withS1 ? "sacrum" : name)
    }

    /// The colour of this voxel value, or nil for background and values outside the set.
    package func colour(of value: UInt8) -> Colour? {
        label(of: value)?.colour
    }

    private static let vertebrae =
        (1...7).map { "C\($0)" } + (1...12).map { "T\($0)" } + (1...5).map { "L\($0)" }

    private init(name: String, names: [String]) {
        self.name = name
        labels = names.enumerated().map { position, name in
            Label(value: UInt8(position + 1), name: name, colour: .ofVertebra(at: position))
        }
    }
}

extension LabelSet: Codable {
    /// A label set is stored by its name.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let set = LabelSet.named(name) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "label set must be one of \(LabelSet.all.map(\.name)), got \(name)")
        }
        self = set
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
