import DICOMDictionary
import DICOMObjects
import DeIdentification
import Foundation
import Statistics
import Testing

/// Properties that hold for any object: made from a seed, with identities at random places of random depth.
struct RandomObjectTests {
    /// Attributes that may not keep what they say, with their representations, among them ones whose action keeps a
    /// sequence or a dummy.
    private static let secret: [(UInt32, String)] = [
        (0x0008_0050, "SH"), (0x0008_0080, "LO"), (0x0008_0081, "ST"), (0x0008_0090, "PN"), (0x0008_1010, "SH"),
        (0x0008_1048, "PN"),
        (0x0008_103e, "LO"), (0x0010_0010, "PN"), (0x0010_0020, "LO"), (0x0010_1000, "LO"), (0x0010_1040, "LO"),
        (0x0010_2154, "SH"),
        (0x0010_4000, "LT"), (0x0018_1000, "LO"), (0x0018_1030, "LO"), (0x0020_4000, "LT"), (0x0032_1060, "LO"),
        (0x0040_0254, "LO"),
        (0x0040_a123, "PN"), (0x0040_a075, "PN"), (0x4008_010c, "PN"), (0x0014_2006, "PN"), (0x0032_1032, "UN"),
        (0x0009_1001, "LO"),
        (0x0029_1010, "UN"), (0x0041_1002, "UT"), (0x0088_0140, "LO"), (0x6002_3000, "OW"), (0x0008_f0f0, "LO"),
    ]
    private static let sequences: [UInt32] = [
        0x0008_1110, 0x0008_1140, 0x0008_2112, 0x0008_9215, 0x0040_0275, 0x0040_a730, 0x0054_0016, 0x0099_1010,
    ]

    @Test(arguments: 0..<60)
    func nothingRemainsAndTheRestIsReproducible(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed) &+ 77)
        var facts = PlantedObject.Facts()
        facts.isExplicit = Bool.random(using: &random)
        let policy = DeIdentificationPolicy(
            retain: Bool.random(using: &random) ? [.patientCharacteristics] : [],
            dates: Bool.random(using: &random) ? .shift : .remove)
        let item = Self.item(&random, depth: 4, isExplicit: facts.isExplicit)
        func more(_ object: inout RawObject) {
            object.sequence(0x0008_2218, [item, item], isUndefined: !seed.isMultiple(of: 3))
        }
        let one = try DeIdentifierTests.run(policy, facts, also: more)
        for text in [PlantedObject.mark, PlantedObject.root, PlantedObject.birthDate] {
            #expect(!DeIdentifierTests.contains(one.bytes, text), "\(text) is still there")
        }
        #expect(try DeIdentifierTests.run(policy, facts, also: more).bytes == one.bytes)
        #expect(one.object.dataset.bytes(.pixelData) == [1, 2, 3, 4])
        // Identifiers are the same at every depth.
        let pairs = Dictionary(grouping: one.report.pseudonyms, by: \.original).mapValues { Set($0.map(\.pseudonym)) }
        #expect(pairs.filter { $0.key.hasPrefix(PlantedObject.root) }.values.allSatisfy { $0.count == 1 })
    }

    private static func item(_ random: inout SplitMix64, depth: Int, isExplicit: Bool) -> RawObject {
        var item = RawObject()
        item.isExplicit = isExplicit
        let texts = Set(
            (0..<Int.random(in: 1...8, using: &random)).map { _ in Int.random(in: 0..<secret.count, using: &random) })
        var members: [(UInt32, Int?)] = texts.map { (secret[$0].0, $0) }
        if depth > 0 {
            members += sequences.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)).map {
                ($0, nil)
            }
        }
        members.append((0x0020_000d, nil))
        for (tag, index) in members.sorted(by: { $0.0 < $1.0 }) {
            if tag == 0x0020_000d {
                item.text(tag, "UI", "\(PlantedObject.root).\(Int.random(in: 1...3, using: &random))")
            } else if let index {
                item.text(tag, secret[index].1, "\(PlantedObject.mark)\(Int.random(in: 0...9999, using: &random))")
            } else {
                let inner = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    self.item(&random, depth: depth - 1, isExplicit: isExplicit)
                }
                item.sequence(tag, inner, isUndefined: Bool.random(using: &random))
            }
        }
        return item
    }
}
