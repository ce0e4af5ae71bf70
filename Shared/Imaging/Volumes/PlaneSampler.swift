/// Samples one slice (i fastest) along j, then along i, which it turns to the slower axis for that.
struct PlaneSampler: Sendable {
    let alongI: LineSampler
    let alongJ: LineSampler
    private static let tile = 16

    func run(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
        let (width, rows) = (alongI.samples.size, alongJ.samples.count)
        let columns = alongI.samples.count
        withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: max(alongI.scratchCount, alongJ.scratchCount)) {
            scratch in
            guard let scratch = scratch.baseAddress else { return }
            if alongI.samples.isIdentity {
                return alongJ.run(source, stride: width, to: target, stride: width, count: width, scratch: scratch)
            }
            withUnsafeTemporaryAllocation(of: Float.self, capacity: width * rows + max(width * rows, columns * rows)) {
                memory in
                guard let first = memory.baseAddress else { return }
                let second = first + width * rows
                alongJ.run(source, stride: width, to: second, stride: width, count: width, scratch: scratch)
                Self.transpose(second, rows: rows, columns: width, to: first)
                alongI.run(first, stride: rows, to: second, stride: rows, count: rows, scratch: scratch)
                Self.transpose(second, rows: columns, columns: rows, to: target)
            }
        }
    }

    private static func transpose(
        _ source: UnsafePointer<Float>, rows: Int, columns: Int, to target: UnsafeMutablePointer<Float>
    ) {
        for firstRow in stride(from: 0, to: rows, by: tile) {
            let rowEnd = min(firstRow + tile, rows)
            for firstColumn in stride(from: 0, to: columns, by: tile) {
                for column in firstColumn..<min(firstColumn + tile, columns) {
                    for row in firstRow..<rowEnd { target[column * rows + row] = source[row * columns + column] }
                }
            }
        }
    }
}
