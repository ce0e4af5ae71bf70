import Synchronization
import Threads
import Volumes

/// How many voxels of each label lie in each slice across each anatomical axis.
struct LabelCensus {
    /// By axis (right, front, head), then `slice · 256 + label`; background is not counted.
    private let counts: [[Int]]

    /// One parallel pass; adding whole numbers gives the same sum in any order.
    init(_ labels: Volume<UInt8>) {
        let size = labels.geometry.size
        let total = Mutex(size.map { [Int](repeating: 0, count: $0 * 256) })
        let layers = max(1, (size[2] + 15) / 16)
        ComputePool.shared.forEach(count: (size[2] + layers - 1) / layers) { chunk in
            let slices = chunk * layers..<min(size[2], (chunk + 1) * layers)
            let part = Self.counted(labels.voxels, size, slices)
            total.withLock { total in
                for axis in 0..<3 {
                    for entry in part[axis].indices where part[axis][entry] != 0 {
                        total[axis][entry] += part[axis][entry]
                    }
                }
            }
        }
        let own = total.withLock { $0 }
        var counts: [[Int]] = [[], [], []]
        for (axis, direction) in labels.geometry.orientation.directions.enumerated() {
            counts[direction.worldAxis] =
                direction.isPositive
                ? own[axis]
                : (0..<size[axis]).reversed().flatMap { own[axis][$0 * 256..<($0 + 1) * 256] }
        }
        self.counts = counts
    }

    private static func counted(_ voxels: [UInt8], _ size: [Int], _ slices: Range<Int>) -> [[Int]] {
        var (columns, rows, layers) = (
            [Int](repeating: 0, count: size[0] * 256), [Int](repeating: 0, count: size[1] * 256),
            [Int](repeating: 0, count: size[2] * 256)
        )
        for k in slices {
            for j in 0..<size[1] {
                let row = size[0] * (j + size[1] * k)
                for i in 0..<size[0] where voxels[row + i] != 0 {
                    let label = Int(voxels[row + i])
                    columns[i << 8 | label] += 1
                    rows[j << 8 | label] += 1
                    layers[k << 8 | label] += 1
                }
            }
        }
        return [columns, rows, layers]
    }

    /// The labelled voxels of each slice across `axis`, whatever their label.
    func profile(_ axis: Int) -> [Int] {
        (0..<counts[axis].count / 256).map { counts[axis][$0 * 256..<($0 + 1) * 256].reduce(0, +) }
    }

    /// The same of one label.
    func profile(_ axis: Int, label: Int) -> [Int] {
        (0..<counts[axis].count / 256).map { counts[axis][$0 << 8 | label] }
    }

    /// The labels that occur, in the order of their values.
    var labels: [Int] {
        (1..<256).filter { label in profile(2, label: label).contains { $0 > 0 } }
    }
}
