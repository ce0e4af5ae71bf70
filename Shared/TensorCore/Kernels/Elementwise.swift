/// `target += other`, elementwise over equal shapes.
package func add(_ other: Tensor, to target: inout Tensor, pool: ComputePool) {
    let count = target.count
    let chunk = 1 << 16
    target.writeDisjointly { target in
        pool.forEach(count: (count + chunk - 1) / chunk) { index in
            other.read { other in
                for position in index * chunk..<min((index + 1) * chunk, count) { target.base[position] += other[position] }
            }
        }
    }
}
