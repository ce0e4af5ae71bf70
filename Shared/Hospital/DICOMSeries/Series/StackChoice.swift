import Faults
import Volumes

/// The slices of a series, parted into those that can be of one grid, and which of the parts is the volume.
///
/// Frames that an enhanced object calls different stacks (PS3.3, C.7.6.16.2.2) are one part where all of them together
/// lie on one regular grid: stacks that follow one another, or that take turns. Otherwise each stack is a part of its
/// own.
struct StackChoice {
    let slices: [PlacedSlice]
    let leftOut: Int
    let decisions: [String]

    /// - Throws: `DICOMError.inconsistentGeometry` where slices are almost, but not quite, of one grid.
    init(_ slices: [PlacedSlice]) throws(DICOMError) {
        var stacks: [[PlacedSlice]] = []
        for slice in slices {
            if let index = try StackChoice.stack(of: slice, among: stacks) {
                stacks[index].append(slice)
            } else {
                stacks.append([slice])
            }
            try StackChoice.requireFew(stacks, path: slice.header.path)
        }
        stacks = stacks.flatMap(StackChoice.grids)
        try StackChoice.requireFew(stacks, path: slices.first?.header.path)
        let ranked = stacks.enumerated().sorted {
            StackChoice.rank($0.element, $0.offset) > StackChoice.rank($1.element, $1.offset)
        }
        self.slices = ranked.first?.element ?? []
        leftOut = slices.count - self.slices.count
        decisions = StackChoice.describe(ranked.map(\.element))
    }

    private static func requireFew(_ stacks: [[PlacedSlice]], path: String?) throws(DICOMError) {
        guard stacks.count <= 1000 else {
            throw DICOMError(
                .inconsistentGeometry,
                "the series has more than 1000 orientations, sizes or stacks (StackID), expected slices of few stacks",
                path: path)
        }
    }

    private static func describe(_ stacks: [[PlacedSlice]]) -> [String] {
        guard let best = stacks.first else { return [] }
        var sentences: [String] = []
        let named = Set(best.map(\.header.stack)).count
        if named > 1 {
            sentences.append(
                "frames of \(named) stacks (StackID) lie on one regular grid: they were read as one volume")
        }
        if stacks.count > 1 {
            let rest = stacks.count - 1 - mostNamed
            let others =
                stacks.dropFirst().prefix(mostNamed).map(description).joined(separator: ", ")
                + (rest > 0 ? " … and \(rest) more" : "")
            sentences.append(
                "series holds \(stacks.count) stacks: the one of \(description(best)) was read, left out: \(others)")
        }
        return sentences
    }

    /// Slices of one size and orientation as the regular grids that their stacks make, alone or together.
    private static func grids(of slices: [PlacedSlice]) -> [[PlacedSlice]] {
        guard Set(slices.map(\.header.stack)).count > 1, let normal = slices.first?.normal else { return [slices] }
        if areOneGrid(slices) { return [slices] }
        // In the order of the file; joined in the order of place.
        var (names, stacks): ([String?: Int], [[PlacedSlice]]) = ([:], [])
        for slice in slices {
            let index = names[slice.header.stack] ?? stacks.count
            names[slice.header.stack] = index
            if index == stacks.count { stacks.append([slice]) } else { stacks[index].append(slice) }
        }
        guard stacks.count <= mostStacksToJoin else { return stacks }
        let depths = stacks.map { $0.map { $0.position.dot(normal) }.min() ?? 0 }
        var grids: [[Int]] = []
        for stack in stacks.indices.sorted(by: { (depths[$0], $0) < (depths[$1], $1) }) {
            if let index = grids.firstIndex(where: { areOneGrid(($0 + [stack]).flatMap { stacks[$0] }) }) {
                grids[index].append(stack)
            } else {
                grids.append([stack])
            }
        }
        return grids.map { $0.sorted() }.sorted { $0[0] < $1[0] }.map { $0.flatMap { stacks[$0] } }
    }

    /// Of the stacks that are left out.
    private static let mostNamed = 8

    /// More than any scanner makes of which some, but not all, are one grid.
    private static let mostStacksToJoin = 64

    /// No place twice, even steps, one kind of image. Two slices always have an even step: theirs must be the one they
    /// state.
    private static func areOneGrid(_ slices: [PlacedSlice]) -> Bool {
        guard Set(slices.map(\.header.isDerived)).count == 1, let positions = try? SlicePositions(slices),
            positions.isEven
        else { return false }
        guard slices.count == 2 else { return true }
        let header = slices[0].header
        return [header.spacingBetweenSlices, header.sliceThickness].compactMap { $0 }.contains {
            abs($0 - positions.steps[0]) < 0.1 * positions.steps[0]
        }
    }

    private static func stack(of slice: PlacedSlice, among stacks: [[PlacedSlice]]) throws(DICOMError) -> Int? {
        for (index, stack) in stacks.enumerated() {
            switch slice.agreement(with: stack[0]) {
            case .same: return index
            case .different: continue
            case .doubtful(let difference):
                throw DICOMError(.inconsistentGeometry, "slices differ in \(difference)", path: slice.header.path)
            }
        }
        return nil
    }

    /// Volumes before single images, images as they were measured before reformatted ones, many slices before few,
    /// axial ones before others, and then those that came first.
    private static func rank(_ stack: [PlacedSlice], _ order: Int) -> (Int, Int, Int, Double, Int) {
        let header = stack[0].header
        let isOverview = header.kind == .localizer
        let isVolume = stack.count >= 3 && !isOverview
        return (
            isVolume ? 1 : 0, header.isDerived || isOverview ? 0 : 1, stack.count,
            (abs(stack[0].normal.z) * 100).rounded(), -order
        )
    }

    private static func description(_ stack: [PlacedSlice]) -> String {
        let (layout, normal) = (stack[0].header.layout, stack[0].normal)
        let plane =
            abs(normal.z) > 0.8
            ? "axial" : abs(normal.y) > 0.8 ? "coronal" : abs(normal.x) > 0.8 ? "sagittal" : "oblique"
        return "\(stack.count) \(plane) \(stack.count == 1 ? "slice" : "slices") of \(layout.columns)×\(layout.rows)"
    }
}

extension SliceHeader {
    /// Whether the image was computed from other images: planes laid through a volume, projections, renderings
    /// (ImageType, PS3.3, C.8.2.1.1.1 and vendors' words).
    var isDerived: Bool {
        imageTypes.contains { type in
            ["MPR", "REFORMATTED", "CPR", "MPVR", "PROJECTION IMAGE", "MIP", "MINIP", "MAX_IP", "MIN_IP", "VRT", "3D"]
                .contains { type == $0 || type.hasPrefix($0 + "_") || type.hasSuffix(" " + $0) }
        }
    }
}
