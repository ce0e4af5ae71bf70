import Foundation
import TensorCore

/// A patch cut from the middle of a larger one; rotated, scaled and deformed, where asked.
///
/// A voxel of the result at o (D, H, W) shows the place A · (o − (p − 1)/2 + u(o)) + (s − 1)/2 of the source, p and s
/// being the edges of both and u the elastic field. The image is interpolated linearly, with zeros outside. A label is
/// the one with the largest linear weight, where what lies outside votes, too, and gives background; of labels whose
/// weights are equal, the nearest voxel's.
package struct SpatialTransform: PatchOperator, Equatable {
    /// (D, H, W) of the result.
    package let patch: [Int]
    /// A, row by row; nil: neither rotated nor scaled.
    package let matrix: [Double]?
    package let field: ElasticField?

    package init(patch: [Int], matrix: [Double]? = nil, field: ElasticField? = nil) {
        self.patch = patch
        self.matrix = matrix
        self.field = field
    }

    /// nnU-Net's Rz · Ry · Rx · S: rotations about D, then H, then W after the scaling.
    package static func matrix(degrees: [Double], scales: [Double]) -> [Double] {
        let (sines, cosines) = (degrees.map { sin($0 * .pi / 180) }, degrees.map { cos($0 * .pi / 180) })
        let x: [Double] = [1, 0, 0, 0, cosines[0], -sines[0], 0, sines[0], cosines[0]]
        let y: [Double] = [cosines[1], 0, sines[1], 0, 1, 0, -sines[1], 0, cosines[1]]
        let z: [Double] = [cosines[2], -sines[2], 0, sines[2], cosines[2], 0, 0, 0, 1]
        let scaling: [Double] = [scales[0], 0, 0, 0, scales[1], 0, 0, 0, scales[2]]
        return product(z, product(y, product(x, scaling)))
    }

    private static func product(_ left: [Double], _ right: [Double]) -> [Double] {
        (0..<9).map { place in
            let (row, column) = (place / 3 * 3, place % 3)
            return left[row] * right[column] + left[row + 1] * right[3 + column] + left[row + 2] * right[6 + column]
        }
    }

    package func apply(to sample: inout LabelledPatch) {
        let (source, target) = (sample.extent, Extent(depth: patch[0], height: patch[1], width: patch[2]))
        if matrix == nil && field == nil && source == target { return }
        var image = Tensor(uninitialized: sample.image.shape.dropLast(3) + patch)
        let labels = [UInt8](unsafeUninitializedCapacity: target.count) { labels, count in
            count = target.count
            sample.image.withUnsafeBufferPointer { voxels in
                sample.labels.withUnsafeBufferPointer { classes in
                    image.withUnsafeMutableBufferPointer { result in
                        let sampling = PatchSampling(
                            source: source, target: target, voxels: voxels.baseAddress!, classes: classes.baseAddress!)
                        if matrix == nil && field == nil {
                            sampling.crop(result.baseAddress!, labels.baseAddress!)
                        } else {
                            sampling.resample(
                                result.baseAddress!, labels.baseAddress!,
                                by: matrix ?? [1, 0, 0, 0, 1, 0, 0, 0, 1], field)
                        }
                    }
                }
            }
        }
        sample = LabelledPatch(image: image, labels: labels)
    }
}
