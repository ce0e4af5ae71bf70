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

    package var doubled: Extent { Extent(depth: depth * 2, height: height * 2, width: width * 2) }
}

extension Tensor {
    package var batch: Int { shape[0] }
    package var channels: Int { shape[1] }

    /// Of an NCDHW tensor.
    package var extent: Extent { Extent(depth: shape[2], height: shape[3], width: shape[4]) }
}
