import Threads

/// Activations in blocks of eight channels: `(N, ⌈C/8⌉, D, H, W, 8)`, the eight channels of a voxel side by side.
///
/// A block of channels is one vector, so every kernel works on whole vectors whatever the width of the volume. Channels
/// beyond the last are zero in every map: kernels write them (their weights are zero) and norms keep them so.
///
/// Copies share memory, also when it is written to: a map is made, filled by one kernel and then read, or it is a
/// gradient that kernels add to.
package struct FeatureMap: Sendable {
    package static let lanes = 8

    package let channels: Int
    package let extent: Extent
    let tensor: Tensor

    package var batch: Int { tensor.shape[0] }
    package var blocks: Int { tensor.shape[1] }

    /// Floats of one block of channels of one sample.
    var blockStride: Int { extent.count * Self.lanes }
    /// For kernels to write to while the map is kept alive by whoever calls them.
    var memory: SharedPointer<Float> { SharedPointer(tensor.base) }

    var sampleStride: Int { blocks * blockStride }

    /// With any content.
    package init(batch: Int, channels: Int, extent: Extent, in workspace: Workspace) {
        self.channels = channels
        self.extent = extent
        let blocks = (channels + Self.lanes - 1) / Self.lanes
        tensor = workspace.tensor([batch, blocks, extent.depth, extent.height, extent.width, Self.lanes])
    }

    /// Of an NCDHW tensor.
    package init(_ planar: Tensor, in workspace: Workspace) {
        self.init(batch: planar.batch, channels: planar.channels, extent: planar.extent, in: workspace)
        let (blocks, channels, voxels) = (blocks, channels, extent.count)
        let rows = RowChunks(voxels: voxels, planes: batch * blocks)
        let target = memory
        workspace.forEach(count: rows.count) { index in
            let (plane, range) = rows[index]
            let (sample, block) = (plane / blocks, plane % blocks)
            let width = min(Self.lanes, channels - block * Self.lanes)
            planar.read { source in
                let first = source + (sample * channels + block * Self.lanes) * voxels
                for voxel in range {
                    var value = Vector()
                    for lane in 0..<width { value[lane] = first[lane * voxels + voxel] }
                    value.store(at: target.base + (plane * voxels + voxel) * Self.lanes)
                }
            }
        }
    }

    /// The same values as an NCDHW tensor.
    package func planar(in workspace: Workspace) -> Tensor {
        var result = workspace.tensor([batch, channels, extent.depth, extent.height, extent.width])
        let (blocks, channels, voxels) = (blocks, channels, extent.count)
        let rows = RowChunks(voxels: voxels, planes: batch * blocks)
        result.writeDisjointly { target in
            workspace.forEach(count: rows.count) { index in
                let (plane, range) = rows[index]
                let (sample, block) = (plane / blocks, plane % blocks)
                let width = min(Self.lanes, channels - block * Self.lanes)
                let first = target.base + (sample * channels + block * Self.lanes) * voxels
                tensor.read { source in
                    for voxel in range {
                        let value = Vector(at: source + (plane * voxels + voxel) * Self.lanes)
                        for lane in 0..<width { first[lane * voxels + voxel] = value[lane] }
                    }
                }
            }
        }
        return result
    }

    /// The memory of one block of channels for reading.
    @inline(__always) func read<R>(_ sample: Int, _ block: Int, _ body: (UnsafePointer<Float>) -> R) -> R {
        tensor.read { body($0 + sample * sampleStride + block * blockStride) }
    }
}

/// The voxels of all planes (one channel block of one sample) in chunks that a core's cache holds. The division depends
/// on sizes alone, so the number of threads never changes a sum.
struct RowChunks: Sendable {
    static let chunk = 4096
    let voxels: Int
    let perPlane: Int
    let count: Int

    init(voxels: Int, planes: Int) {
        self.voxels = voxels
        perPlane = (voxels + Self.chunk - 1) / Self.chunk
        count = perPlane * planes
    }

    subscript(index: Int) -> (plane: Int, voxels: Range<Int>) {
        let first = index % perPlane * Self.chunk
        return (index / perPlane, first..<min(first + Self.chunk, voxels))
    }
}
