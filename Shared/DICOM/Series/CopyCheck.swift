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
        var start = 0
        while start < order.count {
            let end = order[start...].firstIndex { depths[$0] - depths[order[start]] >= SlicePositions.smallestStepInMillimetres } ?? order.count
            if end - start > 1 {
                guard let found = try CopyCheck.copies(of: order[start..<end].sorted(), slices) else { break }
                copies.formUnion(found)
            }
            start = end
        }
        self.slices = slices.indices.filter { !copies.contains($0) }.map { slices[$0] }
        ignored = copies.count
    }

    /// Those of some slices of one depth that are the first one again; nil where one of them is not.
    private static func copies(of indices: [Int], _ slices: [PlacedSlice]) throws(DICOMError) -> [Int]? {
        let first = slices[indices[0]]
        for index in indices.dropFirst() {
            guard (slices[index].position - first.position).length < SlicePositions.smallestStepInMillimetres,
                try values(of: slices[index].header) == values(of: first.header)
            else { return nil }
        }
        return Array(indices.dropFirst())
    }

    /// Results: the copies may be stored differently.
    private static func values(of slice: SliceHeader) throws(DICOMError) -> [Float] {
        switch try SlicePixels([slice], SliceRescale([slice]).perSlice).values() {
        case .int16(let values): values.map(Float.init)
        case .float(let values): values
        }
    }
}
