import Anatomy
import Plausibility
import Volumes

/// A spine of blocks with the gaps and volumes of a patient of middling size, on voxels of 2 mm, head up: each bone is a
/// block that is wider than high, with an arch behind it.
struct MadeColumn {
    static let spacing = 2.0
    var volume: Volume<UInt8>
    /// Lowest slice of each bone and the one above its highest, from the head down.
    let slices: [Range<Int>]

    /// - Parameters:
    ///   - bones: names from the head down, T13 and L6 too.
    ///   - called: what the network calls each: values of spine-25.
    init(_ bones: [String], called: [UInt8]) {
        precondition(bones.count == called.count, "\(bones.count) bones and \(called.count) names")
        var (depth, tops, heights): (Double, [Double], [Double]) = (20, [], [])
        for (place, name) in bones.enumerated() {
            let gap = Self.gap(name)
            let height = name == "sacrum" ? 60 : 0.7 * gap
            // Centres are what the gaps lie between.
            if place > 0 { depth += Self.gap(bones[place - 1]) }
            tops.append(name == "sacrum" ? depth - 0.35 * 32 : depth - height / 2)
            heights.append(height)
        }
        let deepest = zip(tops, heights).map(+).max() ?? 0
        let planes = Int((deepest + 20) / Self.spacing)
        volume = Volume(
            geometry: Geometry(
                size: [40, 40, planes], affine: Affine(spacingInMillimetres: [2, 2, 2], origin: [-40, -60, 300])),
            repeating: 0)
        slices = zip(tops, heights).map { top, height in
            let upper = planes - Int(top / Self.spacing)
            return upper - Int(height / Self.spacing)..<upper
        }
        for (place, name) in bones.enumerated() {
            let area = 1000 * Self.volume(name) / (Double(slices[place].count) * 8) * 0.8
            let side = Int(area.squareRoot())
            fill(called[place], 20 - side / 2..<20 - side / 2 + side, 25 - side..<25, slices[place])
        }
    }

    init(_ bones: [String]) {
        self.init(bones, called: bones.map { LabelSet.spine25.value(of: $0) ?? 0 })
    }

    mutating func fill(_ label: UInt8, _ i: Range<Int>, _ j: Range<Int>, _ k: Range<Int>) {
        for z in k { for y in j { for x in i { volume[x, y, z] = label } } }
    }

    /// Another name where there is bone.
    mutating func rename(_ label: UInt8, _ k: Range<Int>) {
        for z in k { for place in volume.slice(z) where volume.voxels[place] != 0 { volume.voxels[place] = label } }
    }

    /// The label that most voxels of a bone have; 0: it is background.
    func label(of bone: Int, in labels: Volume<UInt8>) -> UInt8 {
        var counts = [Int](repeating: 0, count: 256)
        for z in slices[bone] {
            for place in volume.slice(z) where volume.voxels[place] != 0 { counts[Int(labels.voxels[place])] += 1 }
        }
        return UInt8(counts.indices.max { counts[$0] < counts[$1] } ?? 0)
    }

    /// What each bone is called, by name; `background` for none.
    func names(in labels: Volume<UInt8>) -> [String] {
        slices.indices.map { LabelSet.spine25.name(of: label(of: $0, in: labels)) ?? "?" }
    }

    /// Written here once more, as an oracle: means of VerSe and of the shape bank.
    private static let figures: [String: (gap: Double, volume: Double)] = [
        "C1": (17, 18), "C2": (18, 21), "C3": (16, 14), "C4": (16, 14), "C5": (16, 15), "C6": (18, 16),
        "C7": (19, 20), "T1": (21, 23), "T2": (22, 23), "T3": (22, 23), "T4": (23, 25), "T5": (23, 25),
        "T6": (24, 24), "T7": (24, 25), "T8": (25, 27), "T9": (26, 29), "T10": (28, 33), "T11": (30, 35),
        "T12": (32, 38), "T13": (33, 40), "L1": (33, 42), "L2": (34, 50), "L3": (34, 54), "L4": (32, 55),
        "L5": (34, 55), "L6": (34, 55), "sacrum": (40, 150),
    ]
    private static func gap(_ name: String) -> Double { figures[name]?.gap ?? 30 }
    private static func volume(_ name: String) -> Double { figures[name]?.volume ?? 30 }
}
