import Documents

// "nnunet", or {"preset": "nnunet", "rotation": {"range": [-15, 15]}, "mirroring": {"axes": "left-right"}}: what isn't
// said is the preset's.

extension Augmentation: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case preset, rotation, rotationInPlane, scaling, elastic, noise, blur, brightness, contrast, lowResolution,
            invertedGamma, gamma, mirroring, jitter
    }

    /// Those that are a probability and one range, and what the range may hold.
    private static var chances: [(CodingKeys, WritableKeyPath<Augmentation, Chance>, ClosedRange<Double>)] {
        [
            (.rotation, \.rotation, -180...180), (.rotationInPlane, \.rotationInPlane, -180...180),
            (.scaling, \.scaling, 0.1...10), (.noise, \.noise, 0...10), (.blur, \.blur, 0.1...10),
            (.brightness, \.brightness, 0...10), (.contrast, \.contrast, 0...10),
            (.lowResolution, \.lowResolution, 0.05...1), (.invertedGamma, \.invertedGamma, 0.1...10),
            (.gamma, \.gamma, 0.1...10),
        ]
    }

    /// - Throws: `SettingsDefect` or `DecodingError` naming what is wrong, and where.
    package init(from decoder: any Decoder) throws {
        let presets = Preset.allCases.map(\.rawValue).joined(separator: ", ")
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            guard let preset = Preset(rawValue: name) else {
                throw SettingsDefect(
                    "\(SettingsDefect.name(decoder.codingPath)) must be one of \(presets), got \"\(name.prefix(40))\"")
            }
            self.init(preset)
            return
        }
        guard (try? decoder.container(keyedBy: CodingKeys.self)) != nil else {
            throw SettingsDefect(
                "\(SettingsDefect.name(decoder.codingPath)) must be a text in quotes (\(presets)) or an object in braces"
            )
        }
        let values = try decoder.settings(CodingKeys.self)
        guard let preset = try values.decodeIfPresent(String.self, forKey: .preset).flatMap(Preset.init) else {
            throw SettingsDefect(
                "\(SettingsDefect.name(decoder.codingPath + [CodingKeys.preset])) must be one of \(presets)")
        }
        self.init(preset)
        for (key, path, limits) in Self.chances where values.contains(key) {
            let part = try Part(values.superDecoder(forKey: key), [.probability, .range])
            try part.readProbability(into: &self[keyPath: path].probability)
            try part.readRange(.range, within: limits, into: &self[keyPath: path].range)
        }
        try readParts(values)
    }

    private mutating func readParts(_ values: KeyedDecodingContainer<CodingKeys>) throws {
        if values.contains(.elastic) {
            let part = try Part(values.superDecoder(forKey: .elastic), [.probability, .smoothness, .displacement])
            try part.readProbability(into: &elastic.probability)
            try part.readRange(.smoothness, within: 0.02...1, into: &elastic.smoothness)
            try part.readRange(.displacement, within: 0...100, into: &elastic.displacement)
        }
        if values.contains(.mirroring) {
            let part = try Part(values.superDecoder(forKey: .mirroring), [.probability, .axes])
            try part.readProbability(into: &mirroring.probability)
            try part.values.read(.axes, into: &mirroring.axes, of: MirrorAxes.allCases)
        }
        guard values.contains(.jitter) else { return }
        guard try !values.decodeNil(forKey: .jitter) else { return jitter = nil }
        let part = try Part(values.superDecoder(forKey: .jitter), [.mirrorProbability, .scale, .shift, .noise])
        var changed = jitter ?? Jitter()
        try part.readProbability(.mirrorProbability, into: &changed.mirrorProbability)
        try part.readRange(.scale, within: 0...10, into: &changed.scale)
        try part.readRange(.shift, within: -10...10, into: &changed.shift)
        try part.readRange(.noise, within: 0...10, into: &changed.noise)
        jitter = changed
    }

    /// A preset's name, or the preset and what differs from it.
    package func encode(to encoder: any Encoder) throws {
        let unchanged = Augmentation(preset)
        guard self != unchanged else {
            var single = encoder.singleValueContainer()
            return try single.encode(preset.rawValue)
        }
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(preset.rawValue, forKey: .preset)
        for (key, path, _) in Self.chances where self[keyPath: path] != unchanged[keyPath: path] {
            var part = values.nestedContainer(keyedBy: Part.Keys.self, forKey: key)
            try part.encode(self[keyPath: path].probability, forKey: .probability)
            try part.encode(self[keyPath: path].range, forKey: .range)
        }
        if elastic != unchanged.elastic {
            var part = values.nestedContainer(keyedBy: Part.Keys.self, forKey: .elastic)
            try part.encode(elastic.probability, forKey: .probability)
            try part.encode(elastic.smoothness, forKey: .smoothness)
            try part.encode(elastic.displacement, forKey: .displacement)
        }
        if mirroring != unchanged.mirroring {
            var part = values.nestedContainer(keyedBy: Part.Keys.self, forKey: .mirroring)
            try part.encode(mirroring.probability, forKey: .probability)
            try part.encode(mirroring.axes.rawValue, forKey: .axes)
        }
        guard jitter != unchanged.jitter else { return }
        guard let jitter else { return try values.encodeNil(forKey: .jitter) }
        var part = values.nestedContainer(keyedBy: Part.Keys.self, forKey: .jitter)
        try part.encode(jitter.mirrorProbability, forKey: .mirrorProbability)
        try part.encode(jitter.scale, forKey: .scale)
        try part.encode(jitter.shift, forKey: .shift)
        try part.encode(jitter.noise, forKey: .noise)
    }
}

/// One operator's object.
private struct Part {
    enum Keys: String, CodingKey {
        case probability, range, smoothness, displacement, axes, mirrorProbability, scale, shift, noise
    }

    let values: KeyedDecodingContainer<Keys>

    init(_ decoder: any Decoder, _ known: [Keys]) throws {
        try decoder.requireKeys(among: known.map(\.rawValue))
        values = try decoder.container(keyedBy: Keys.self)
    }

    func readProbability(_ key: Keys = .probability, into probability: inout Double) throws {
        try values.read(key, into: &probability)
        guard (0...1).contains(probability) else {
            throw SettingsDefect("\(name(key)) must lie in 0 ... 1, got \(probability)")
        }
    }

    func readRange(_ key: Keys, within limits: ClosedRange<Double>, into range: inout ClosedRange<Double>) throws {
        var bounds = [range.lowerBound, range.upperBound]
        try values.read(key, into: &bounds)
        guard bounds.count == 2, bounds[0] <= bounds[1], limits.contains(bounds[0]), limits.contains(bounds[1]) else {
            throw SettingsDefect(
                "\(name(key)) must be [lower, upper] within \(limits.lowerBound) ... \(limits.upperBound), got \(bounds)"
            )
        }
        range = bounds[0]...bounds[1]
    }

    private func name(_ key: Keys) -> String { SettingsDefect.name(values.codingPath + [key]) }
}
