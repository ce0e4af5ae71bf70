import Statistics
import Volumes

/// Which bone of the bank stands in for each vertebra: one source a region, so that neighbours that grew together stay
/// together.
struct Donors: Sendable {
    /// Indices into the bank, C1 to L5.
    let bones: [Int]
    private let bank: ShapeBank

    static let names = (1...7).map { "C\($0)" } + (1...12).map { "T\($0)" } + (1...5).map { "L\($0)" }

    /// Coarse ones; where there are finer ones, they are seldom taken.
    private static let coarse = "myo-sim"

    init(_ bank: ShapeBank, _ random: inout SplitMix64) {
        self.bank = bank
        func source(of name: String) -> String {
            let all = bank.sources(of: name)
            let fine = all.filter { $0 != Self.coarse }
            return fine.isEmpty || random.chance(15) && all.count > fine.count ? Self.coarse : random.pick(fine)
        }
        let (neck, lower, loins) = (source(of: "C4"), source(of: "T11"), source(of: "L3"))
        let upper = bank.index(source: neck, name: "T2") != nil ? neck : source(of: "T2")
        bones = Self.names.indices.map { level in
            let region = level < 7 ? neck : level < 13 ? upper : level < 19 ? lower : loins
            if let own = bank.index(source: region, name: Self.names[level]) { return own }
            // T5 to T9 from the nearest level of the region's own or the next one's, where it is of a fine source.
            if (7..<19).contains(level), region != Self.coarse {
                for away in 1...4 {
                    for near in [level - away, level + away] where (7..<19).contains(near) {
                        for source in [upper, lower] where source != Self.coarse {
                            if let bone = bank.index(source: source, name: Self.names[near]) { return bone }
                        }
                    }
                }
            }
            let others = bank.catalogue.bones.indices.filter {
                bank.catalogue.bones[$0].label == UInt8(level + 1) && bank.catalogue.bones[$0].source != Self.coarse
            }
            if !others.isEmpty { return random.pick(others) }
            guard let any = bank.catalogue.bones.firstIndex(where: { $0.label == UInt8(level + 1) }) else {
                preconditionFailure("the bank has no \(Self.names[level])")
            }
            return any
        }
    }

    /// Between a donor's body and its neighbours', in its own set; about, where it has none.
    func gap(_ level: Int) -> Float {
        let bone = bank.catalogue.bones[bones[level]]
        var found: [Float] = []
        if let next = bone.next, bone.label < 24 { found.append(Point(next.offset).length) }
        if bone.label > 2,
            let above = bank.catalogue.bones.first(where: {
                $0.source == bone.source && $0.label == bone.label - 1 && $0.next != nil
            }), let next = above.next
        {
            found.append(Point(next.offset).length)
        }
        if !found.isEmpty { return found.reduce(0, +) / Float(found.count) }
        return ((bone.body?.up ?? 12) + (bone.body?.down ?? 12)) / 0.78
    }
}
