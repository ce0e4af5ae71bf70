import Surfaces
import Threads
import Volumes

/// Which side of a comparison a surface belongs to; the raw value is its bit in a `SiteMap`.
enum Side: UInt8, Sendable, CaseIterable {
    case truth = 1
    case prediction = 2

    var other: Side { self == .truth ? .prediction : .truth }
}

/// Marks where the surfaces of one label are in truth and prediction: one byte a place, i fastest.
struct SiteMap: Sendable {
    private(set) var size: SIMD3<Int>
    private(set) var sites: [UInt8]

    /// Boundary voxels: those with a face neighbour that has another label or lies beyond the volume.
    init(boundaryOf label: UInt8, in pair: LabelPair, box: LabelBox, pool: ComputePool) {
        size = box.size
        // Room for the cells that follow: one array serves both.
        sites = []
        sites.reserveCapacity((size.x + 1) * (size.y + 1) * (size.z + 1))
        sites.append(contentsOf: repeatElement(0, count: size.x * size.y * size.z))
        let slice = size.x * size.y
        sites.withUnsafeMutableBufferPointer { sites in
            let sites = SharedPointer(sites)
            pool.forEach(count: size.z) { k in
                for side in Side.allCases {
                    var marks = sites.part(slice * k, slice).mutableSpan
                    BoundaryRows(label: label, volume: pair[side], box: box).mark(
                        slice: k, bit: side.rawValue, sites: &marks)
                }
            }
        }
    }

    /// Changes to the cells (2×2×2 neighbourhoods) that the label's surfaces pass.
    mutating func become(_ cells: SurfaceCells, of label: UInt8, in pair: LabelPair, pool: ComputePool) {
        size = cells.size
        sites.removeAll(keepingCapacity: true)
        sites.append(contentsOf: repeatElement(0, count: cells.count))
        let slice = size.x * size.y
        sites.withUnsafeMutableBufferPointer { sites in
            let sites = SharedPointer(sites)
            pool.forEach(count: cells.size.z) { k in
                for side in Side.allCases {
                    var marks = sites.part(slice * k, slice).mutableSpan
                    cells.mark(label, in: pair[side], bit: side.rawValue, slice: k, sites: &marks)
                }
            }
        }
    }
}

/// Finds boundary voxels row by row.
private struct BoundaryRows {
    let label: UInt8
    let volume: Volume<UInt8>
    let box: LabelBox

    func mark(slice: Int, bit: UInt8, sites: inout MutableSpan<UInt8>) {
        let voxels = volume.voxels.span
        let size = SIMD3(volume.geometry.size[0], volume.geometry.size[1], volume.geometry.size[2])
        let k = box.lower.z + slice
        let area = size.x * size.y
        for j in box.lower.y...box.upper.y {
            let start = size.x * (j + size.y * k)
            let row = voxels.extracting(start..<start + size.x)
            let marks = box.size.x * (j - box.lower.y) - box.lower.x
            // A row at the volume's edge is all boundary.
            let isOuter = j == 0 || k == 0 || j == size.y - 1 || k == size.z - 1
            var i = ByteRow.next(label, in: row, from: box.lower.x, to: box.upper.x + 1)
            while i <= box.upper.x {
                let place = start + i
                if isOuter || i == 0 || i == size.x - 1 || voxels[place - 1] != label || voxels[place + 1] != label
                    || voxels[place - size.x] != label || voxels[place + size.x] != label
                    || voxels[place - area] != label || voxels[place + area] != label
                {
                    sites[marks + i] |= bit
                }
                i = ByteRow.next(label, in: row, from: i + 1, to: box.upper.x + 1)
            }
        }
    }
}
