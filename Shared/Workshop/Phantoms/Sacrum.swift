/// The five fused segments of the sacrum, each in its own frame.
struct Sacrum: Sendable {
    let frames: [Frame]
    let scale: Float
    let lowest: Float
    let highest: Float

    init(frames: [Frame], scale: Float) {
        self.frames = frames
        self.scale = scale
        lowest = (frames.map(\.origin.z).min() ?? 0) - 25 * scale
        highest = frames[0].origin.z + 45 * scale
    }

    private static let halfWidths: [Float] = [51, 46, 37, 27, 18, 10]
    private static let sizes: [Float] = [1, 0.85, 0.68, 0.52, 0.38]

    @inline(__always)
    func distance(_ place: Point) -> Float {
        var distance = Float.greatestFiniteMagnitude
        for index in 0..<5 {
            let local = frames[index].local(place) / scale
            let half = SpineCurve.sacralHeights[index] / 2
            guard abs(local.z) < half + 12 else { continue }
            distance = min(distance, segment(index, local, half) * scale)
        }
        return distance
    }

    /// In front convex along x and falling off towards the wings, with the canal and the foramina left out.
    @inline(__always)
    private func segment(_ index: Int, _ local: Point, _ half: Float) -> Float {
        let size = Sacrum.sizes[index]
        let share = min(max(0.5 - local.z / (2 * half), 0), 1)
        let width = mix(Sacrum.halfWidths[index], Sacrum.halfWidths[index + 1], share)
        let side = abs(local.x)
        let relative = min(side / width, 1)
        let front = 17 * size - 13 * size * relative * relative
        let back = -33 * size + 12 * size * relative * relative
        let middle = (front + back) / 2
        let plate = smoothIntersection(side - width, abs(local.y - middle) - (front - back) / 2, 6 * size)
        var distance = smoothIntersection(plate, abs(local.z) - half - 0.5, 1.5)
        let crest = bladeDistance(
            local, Point(0, -31 * size, 0), Point(0, -39 * size, -2), 3 * size + 1, half * 0.7)
        distance = smoothUnion(distance, crest, 3)
        distance = max(distance, -ellipseDistance(local.x, local.y + 23.5 * size, 13 * size, 5.5 * size))
        let level = abs(local.z) - half
        let foramen = ((side - 18 * size) * (side - 18 * size) + level * level).squareRoot() - 4.5 * size
        return index < 4 || local.z > 0 ? max(distance, -foramen) : distance
    }
}
