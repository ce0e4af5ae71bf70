/// The keys of a `UNetConfiguration` in JSON; what its encoder stages repeat has a name in each architecture.
enum UNetKey: String, CodingKey, CaseIterable {
    case inputChannels = "input_channels"
    case features, kernels, strides, classes
    case convolutionsPerStage = "convolutions_per_stage"
    case blocksPerStage = "blocks_per_stage"
    case convolutionsPerStageDecoder = "convolutions_per_stage_decoder"
}

extension KeyedDecodingContainer<UNetKey> {
    /// One number for all of `count`, or a list.
    func counts(_ key: UNetKey, _ count: Int) throws -> [Int] {
        if let number = try? decode(Int.self, forKey: key) { return [Int](repeating: number, count: max(count, 0)) }
        return try decode([Int].self, forKey: key)
    }

    /// Per stage three numbers, or one for all three axes.
    func triples(_ key: UNetKey) throws -> [[Int]] {
        if let numbers = try? decode([Int].self, forKey: key) { return numbers.map { [Int](repeating: $0, count: 3) } }
        return try decode([[Int]].self, forKey: key)
    }
}
