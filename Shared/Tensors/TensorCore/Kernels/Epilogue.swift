import Threads

/// What a convolution does to its results besides writing them; see `Outflow`.
struct Epilogue: Sendable {
    /// One vector per block of channels.
    var bias: [Vector]?
    var adding: FeatureMap?
    /// The feature whose activation the results are the gradient of.
    var gate: Feature?
    var gathersSums = false

    /// For one block of one sample of a result whose memory begins at `base`.
    @inline(__always)
    func outflow(_ base: UnsafeMutablePointer<Float>, _ shape: FeatureMap, sample: Int, block: Int) -> Outflow {
        let offset = sample * shape.sampleStride + block * shape.blockStride
        var outflow = Outflow(target: base + offset)
        if let bias { outflow.bias = bias[block] }
        outflow.adding = adding.map { UnsafePointer($0.tensor.base + offset) }
        outflow.gate = gate.flatMap { feature in
            feature.lines.map {
                .init(
                    source: UnsafePointer(feature.map.tensor.base + offset),
                    line: $0.line(sample * shape.blocks + block))
            }
        }
        return outflow
    }
}
