package import TensorCore

/// A part of a case as a network is trained on it.
package struct LabelledPatch: Sendable, Equatable {
    /// One channel: its last three axes are (D, H, W), those before them 1.
    package var image: Tensor
    /// (D, H, W), as the image.
    package var labels: [UInt8]

    package init(image: Tensor, labels: [UInt8]) {
        require(
            image.shape.count >= 3 && labels.count == image.count
                && image.shape.suffix(3).reduce(1, *) == image.count,
            "an image of one channel and as many labels belong together, got \(image.shape) and \(labels.count) labels")
        self.image = image
        self.labels = labels
    }

    package var extent: Extent {
        let edges = image.shape.suffix(3)
        return Extent(depth: edges[edges.startIndex], height: edges[edges.startIndex + 1], width: edges.last ?? 0)
    }

    package static func == (one: LabelledPatch, other: LabelledPatch) -> Bool {
        one.image.shape == other.image.shape && one.labels == other.labels && one.image.values == other.image.values
    }
}

/// One change of a patch with all its parameters: the same patch and parameters give the same bytes.
package protocol PatchOperator: Sendable {
    /// On the caller's thread alone.
    func apply(to patch: inout LabelledPatch)
}
