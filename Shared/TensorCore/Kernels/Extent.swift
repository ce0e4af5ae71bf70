/// The three spatial axes of an NCDHW tensor, in voxels.
package struct Extent: Sendable, Equatable {
    package var depth: Int
    package var height: Int
    package var width: Int

    package init(depth: Int, height: Int, width: Int) {
        self.depth = depth
        self.height = height
        self.width = width
    }

    package var count: Int { depth * height * width }

    /// What a 3×3×3 convolution with padding 1 and stride 2 leaves: half, rounded up.
    package var halved: Extent { Extent(depth: (depth + 1) / 2, height: (height + 1) / 2, width: (width + 1) / 2) }

    package var doubled: Extent { Extent(depth: depth * 2, height: height * 2, width: width * 2) }
}

extension Tensor {
    package var batch: Int { shape[0] }
    package var channels: Int { shape[1] }

    /// Of an NCDHW tensor.
    package var extent: Extent { Extent(depth: shape[2], height: shape[3], width: shape[4]) }

    /// An NCDHW tensor with any content.
    package init(uninitialized batch: Int, _ channels: Int, _ extent: Extent) {
        self.init(uninitialized: [batch, channels, extent.depth, extent.height, extent.width])
    }
}
