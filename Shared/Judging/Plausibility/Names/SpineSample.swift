import Anatomy
import Volumes

/// A few neighbouring voxels of one component, at most `longest` millimetres of a row: what line and profiles of a spine
/// are measured by.
struct SpineSample: Sendable {
    /// Their middle, RAS+ millimetres.
    let point: SIMD3<Float>
    let voxels: Int32
    /// In `ComponentMap.components`.
    let place: Int32
    let label: UInt8

    private static let longest = 4.0

    /// Of all listed components of the set's labels.
    static func samples(of map: ComponentMap, labelSet: LabelSet) -> [SpineSample] {
        let affine = map.labels.geometry.affine
        let reach = max(1, Int(longest / affine.column(0).length))
        let known = (0...255).map { labelSet.label(of: UInt8($0)) != nil }
        var samples: [SpineSample] = []
        map.forEachPlane { k, plane, _ in
            for j in 0..<map.labels.geometry.size[1] {
                for run in plane.runs(ofRow: j) where known[Int(plane.labels[run])] {
                    guard let place = map.place(ofRun: plane.base + run) else { continue }
                    var start = Int(plane.starts[run])
                    while start < plane.ends[run] {
                        let end = min(start + reach, Int(plane.ends[run]))
                        let middle = SIMD3(Double(start + end - 1) / 2, Double(j), Double(k))
                        samples.append(
                            SpineSample(
                                point: SIMD3<Float>(affine.applied(to: middle)), voxels: Int32(end - start),
                                place: Int32(place), label: plane.labels[run]))
                        start = end
                    }
                }
            }
        }
        return samples
    }
}
