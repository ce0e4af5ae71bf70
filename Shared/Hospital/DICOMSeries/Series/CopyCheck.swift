import Volumes

/// Slices that were sent again under other instance UIDs.
struct CopyCheck {
    let slices: [PlacedSlice]
    let ignored: Int

    var decisions: [String] {
        guard ignored > 0 else { return [] }
        let copies = ignored == 1 ? "1 slice is a copy" : "\(ignored) slices are copies"
        return [
            "\(copies), at the same place and with the same pixels as another but under an identifier of its own: one of each was read"
        ]
    }

    /// Of slices at one place with the same values keeps the first. Different ones stay: they are no one volume
    /// (`SlicePositions`). Behind the first depth with different ones nothing is compared.
    ///
    /// - Throws: what decoding and rescaling throw.
    init(_ slices: [PlacedSlice]) throws(DICOMError) {
        guard let normal = slices.first?.normal else {
            (self.slices, ignored) = (slices, 0)
            return
        }
        let places = CopyCheck.depths(of: slices, along: normal).prefix {
            CopyCheck.isOnePlace($0.map { slices[$0].position })
        }
        let opened = try SlicePixels.open(places.joined().map { slices[$0].header })
        var copies: Set<Int> = []
        for place in places {
            guard try CopyCheck.areEqual(place.map { slices[$0].header }, opened) else { break }
            copies.formUnion(place.dropFirst())
        }
        self.slices = slices.indices.filter { !copies.contains($0) }.map { slices[$0] }
        ignored = copies.count
    }

    /// Where several slices lie at one depth: their indices, in the order of depths.
    private static func depths(of slices: [PlacedSlice], along normal: SIMD3<Double>) -> [[Int]] {
        let depths = slices.map { $0.position.dot(normal) }
        let order = slices.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }
        var found: [[Int]] = []
        var start = 0
        while start < order.count {
            let end =
                order[start...].firstIndex {
                    depths[$0] - depths[order[start]] >= SlicePositions.smallestStepInMillimetres
                } ?? order.count
            if end - start > 1 { found.append(order[start..<end].sorted()) }
            start = end
        }
        return found
    }

    private static func isOnePlace(_ positions: [SIMD3<Double>]) -> Bool {
        positions.allSatisfy { ($0 - positions[0]).length < SlicePositions.smallestStepInMillimetres }
    }

    private static func areEqual(_ slices: [SliceHeader], _ opened: [ObjectIdentifier: PixelFrames]) throws(DICOMError)
        -> Bool
    {
        let expected = try values(of: slices[0], opened)
        for slice in slices.dropFirst() { guard try values(of: slice, opened) == expected else { return false } }
        return true
    }

    /// Results: the copies may be stored differently.
    private static func values(of slice: SliceHeader, _ opened: [ObjectIdentifier: PixelFrames]) throws(DICOMError)
        -> [Float]
    {
        try SlicePixels([slice], SliceRescale([slice]).perSlice, opened: opened).values().floats
    }
}
