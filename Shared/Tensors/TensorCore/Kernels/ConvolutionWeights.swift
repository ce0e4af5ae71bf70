/// A convolution's weight `(K, C, kd, kh, kw)` as its kernels read it: as it stands, or with outputs and inputs
/// exchanged and the taps reversed, which makes the gradient by the input a forward sum.
struct ConvolutionWeights: Sendable {
    private let tensor: Tensor
    /// Output channels as the kernel sees them.
    let outputs: Int
    /// The channel of each input slot (a lane of a block of a source), nil where a block ends before its eighth lane.
    let slots: [Int?]
    let taps: Int
    /// Floats to the first weight, and from one output or input to the next.
    private let first: Int
    private let outputStride: Int
    private let inputStride: Int
    private let isReversed: Bool

    /// As it stands, reading sources of `channels` each, one after another.
    init(_ tensor: Tensor, sources channels: [Int]) {
        self.tensor = tensor
        taps = tensor.shape[2] * tensor.shape[3] * tensor.shape[4]
        outputs = tensor.shape[0]
        first = 0
        outputStride = tensor.shape[1] * taps
        inputStride = taps
        isReversed = false
        slots = Self.slots(channels)
    }

    /// For the gradient by the input channels `inputs`; the source is the gradient by the outputs.
    init(transposing tensor: Tensor, inputs: Range<Int>, isReversed: Bool) {
        self.tensor = tensor
        taps = tensor.shape[2] * tensor.shape[3] * tensor.shape[4]
        outputs = inputs.count
        first = inputs.lowerBound * taps
        outputStride = taps
        inputStride = tensor.shape[1] * taps
        self.isReversed = isReversed
        slots = Self.slots([tensor.shape[0]])
    }

    static func slots(_ sources: [Int]) -> [Int?] {
        var (slots, first): ([Int?], Int) = ([], 0)
        for channels in sources {
            let lanes = (channels + 7) / 8 * 8
            slots += (0..<lanes).map { $0 < channels ? first + $0 : nil }
            first += channels
        }
        return slots
    }

    /// The weights of one tap and one input slot for eight outputs, zero where there is no channel.
    @inline(__always)
    func vector(outputBlock: Int, slot: Int, tap: Int) -> Vector {
        guard let input = slots[slot] else { return Vector() }
        let place = first + input * inputStride + (isReversed ? taps - 1 - tap : tap)
        var values = Vector()
        tensor.read { weights in
            for lane in 0..<max(0, min(8, outputs - outputBlock * 8)) {
                values[lane] = weights[place + (outputBlock * 8 + lane) * outputStride]
            }
        }
        return values
    }
}
