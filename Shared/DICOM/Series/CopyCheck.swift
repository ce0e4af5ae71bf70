/// Slices that were sent again under other instance UIDs.
struct CopyCheck {
    let slices: [PlacedSlice]
    let ignored: Int

    var decisions: [String] {
        ignored == 0 ? [] : ["\(ignored) slices are copies, at the same place and with the same pixels as others but under identifiers of their own: one of each was read"]
    }

    /// Of slices at one place with the same values keeps the first. Different ones stay: they are no one volume (`SlicePositions`).
    ///
    /// - Throws: what decoding and rescaling throw.
    init(_ slices: [PlacedSlice]) throws(DICOMError) {
        guard let normal = slices.first?.normal else {
            (self.slices, ignored) = (slices, 0)
            return
        }
        let depths = slices.map { ($0.position * normal).sum() }
        let order = slices.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }
        var copies: Set<Int> = []
        var opened: [ObjectIdentifier: PixelFrames]?
        var start = 0
        while start < order.count {
            let end = order[start...].firstIndex { depths[$0] - depths[order[start]] >= SlicePositions.smallestStepInMillimetres } ?? order.count
            if end - start > 1 {
                if opened == nil { opened = try SlicePixels.open(slices.map(\.header)) }
                guard let found = try CopyCheck.copies(of: order[start..<end].sorted(), slices, opened) else { break }
                copies.formUnion(found)
            }
            start = end
        }
        self.slices = slices.indices.filter { !copies.contains($0) }.map { slices[$0] }
        ignored = copies.count
    }

    /// Those of some slices of one depth that are the first one again; nil where one of them is not.
    private static func copies(
        of indices: [Int], _ slices: [PlacedSlice], _ opened: [ObjectIdentifier: PixelFrames]?
    ) throws(DICOMError) -> [Int]? {
        let (first, others) = (slices[indices[0]], indices.dropFirst())
        guard others.allSatisfy({ (slices[$0].position - first.position).length < SlicePositions.smallestStepInMillimetres }) else { return nil }
        let expected = try values(of: first.header, opened)
        for index in others { guard try values(of: slices[index].header, opened) == expected else { return nil } }
        return Array(others)
    }

    /// Results: the copies may be stored differently.
    private static func values(of slice: SliceHeader, _ opened: [ObjectIdentifier: PixelFrames]?) throws(DICOMError) -> [Float] {
        try SlicePixels([slice], SliceRescale([slice]).perSlice, opened: opened).values().floats
    }
}
