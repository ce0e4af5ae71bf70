import Statistics
import Volumes

/// Where each voxel lies in the scene: the window's grid, bent by a smooth random field.
struct Places {
    let x: Samples<Float>
    let y: Samples<Float>
    let z: Samples<Float>
    /// Farthest from the grid, mm.
    let margin: Float

    @inline(__always)
    subscript(voxel: Int) -> Point { Point(x[voxel], y[voxel], z[voxel]) }

    /// - Parameter bend: about how far places are moved, mm.
    init(_ window: SceneWindow, bend: Float, _ random: inout SplitMix64) {
        let count = window.count
        (x, y, z) = (Samples(count), Samples(count), Samples(count))
        let moves = (0..<3).map { _ in SmoothField.draw(window, scale: 45, &random) }
        // The fields have deviation 1 and hardly ever reach 4.
        margin = bend * 1.6
        let amplitude = bend * 0.4
        var voxel = 0
        for k in 0..<window.size[2] {
            for j in 0..<window.size[1] {
                let start = window.place(0, Float(j), Float(k))
                for i in 0..<window.size[0] {
                    let place = start + window.columns[0] * Float(i)
                    x[voxel] = place.x + amplitude * moves[0][voxel]
                    y[voxel] = place.y + amplitude * moves[1][voxel]
                    z[voxel] = place.z + amplitude * moves[2][voxel]
                    voxel += 1
                }
            }
        }
    }
}
