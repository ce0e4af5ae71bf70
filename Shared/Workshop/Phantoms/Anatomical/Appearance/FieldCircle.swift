import Statistics

/// The round field of a reconstruction, outside of which there is nothing.
struct FieldCircle: Sendable {
    private let size: [Int]
    private let axes: [Int]
    private let centre: [Float]
    private let spacing: [Float]
    private let radius: Float

    init(_ window: SceneWindow, _ random: inout SplitMix64) {
        let axes = (0..<3).filter { $0 != window.sliceAxis }
        self.axes = axes
        size = window.size
        spacing = axes.map { window.spacing[$0] }
        let extents = axes.map { Float(window.size[$0]) * window.spacing[$0] }
        centre = axes.map { Float(window.size[$0]) * random.value(in: 0.4...0.6) }
        radius = extents.reduce(0, max) * random.value(in: 0.4...0.68)
    }

    @inline(__always)
    func shows(_ voxel: Int) -> Bool {
        let index = (voxel % size[0], voxel / size[0] % size[1], voxel / (size[0] * size[1]))
        func at(_ axis: Int) -> Float { Float(axis == 0 ? index.0 : axis == 1 ? index.1 : index.2) }
        let (a, b) = ((at(axes[0]) - centre[0]) * spacing[0], (at(axes[1]) - centre[1]) * spacing[1])
        return a * a + b * b < radius * radius
    }
}
