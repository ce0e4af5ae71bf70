/// The slices of a series, parted into those that can be of one grid, and which of the parts is the volume.
struct StackChoice {
    let slices: [PlacedSlice]
    let leftOut: Int
    let decisions: [String]

    /// - Throws: `DICOMError.inconsistentGeometry` where slices are almost, but not quite, of one grid.
    init(_ slices: [PlacedSlice]) throws(DICOMError) {
        var stacks: [[PlacedSlice]] = []
        for slice in slices {
            if let index = try StackChoice.stack(of: slice, among: stacks) { stacks[index].append(slice) } else { stacks.append([slice]) }
            guard stacks.count <= 1000 else {
                throw DICOMError(.inconsistentGeometry, "the series has more than 1000 orientations or sizes, expected slices of few stacks", path: slice.header.path)
            }
        }
        let ranked = stacks.enumerated().sorted { StackChoice.rank($0.element, $0.offset) > StackChoice.rank($1.element, $1.offset) }
        self.slices = ranked.first?.element ?? []
        leftOut = slices.count - self.slices.count
        guard let best = ranked.first, ranked.count > 1 else {
            decisions = []
            return
        }
        let others = ranked.dropFirst().map { StackChoice.description($0.element) }.joined(separator: ", ")
        decisions = [
            "series holds \(ranked.count) stacks: the one of \(StackChoice.description(best.element)) was read, left out: \(others)"
        ]
    }

    private static func stack(of slice: PlacedSlice, among stacks: [[PlacedSlice]]) throws(DICOMError) -> Int? {
        for (index, stack) in stacks.enumerated() {
            switch slice.agreement(with: stack[0]) {
            case .same: return index
            case .different: continue
            case .doubtful(let difference): throw DICOMError(.inconsistentGeometry, "slices differ in \(difference)", path: slice.header.path)
            }
        }
        return nil
    }

    /// Volumes before single images, images as they were measured before reformatted ones, many slices before few, axial ones
    /// before others, and then those that came first.
    private static func rank(_ stack: [PlacedSlice], _ order: Int) -> (Int, Int, Int, Double, Int) {
        let header = stack[0].header
        let isOverview = header.kind == .localizer
        let isVolume = stack.count >= 3 && !isOverview
        return (isVolume ? 1 : 0, header.isDerived || isOverview ? 0 : 1, stack.count, (abs(stack[0].normal.z) * 100).rounded(), -order)
    }

    private static func description(_ stack: [PlacedSlice]) -> String {
        let (layout, normal) = (stack[0].header.layout, stack[0].normal)
        let plane = abs(normal.z) > 0.8 ? "axial" : abs(normal.y) > 0.8 ? "coronal" : abs(normal.x) > 0.8 ? "sagittal" : "oblique"
        return "\(stack.count) \(plane) \(stack.count == 1 ? "slice" : "slices") of \(layout.columns)×\(layout.rows)"
    }
}

extension SliceHeader {
    /// Whether the image was computed from other images: planes laid through a volume, projections, renderings
    /// (ImageType, PS3.3, C.8.2.1.1.1 and vendors' words).
    var isDerived: Bool {
        imageTypes.contains { type in ["MPR", "REFORMATTED", "CPR", "MPVR", "PROJECTION IMAGE", "MIP", "MINIP", "MAX_IP", "MIN_IP", "VRT", "3D"].contains { type == $0 || type.hasPrefix($0 + "_") || type.hasSuffix(" " + $0) } }
    }
}
