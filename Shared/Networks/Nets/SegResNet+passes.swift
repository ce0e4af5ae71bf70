package import TensorCore

extension SegResNet {
    /// Logits `(N, outputChannels, D, H, W)` for an input `(N, inputChannels, D, H, W)`; inference, without dropout.
    ///
    /// Throws `shapeMismatch` when the channels differ or an axis is not divisible by `spatialDivisor`.
    package func logits(_ input: Tensor, pool: ComputePool = .shared) throws -> Tensor {
        try check(input)
        var tape: Tape?
        let context = context(pool)
        return decode(encode(stem(context)(input), context, &tape), context, &tape)
    }

    /// One training pass: forward with dropout (nil seed = off), then `loss`, which gets the logits and gives its value and the gradient
    /// by the logits, then backward. Gives the value and the gradient of every parameter, in the table's order.
    ///
    /// Throws what `loss` throws, and `shapeMismatch` as `logits` does.
    package func trainingStep(
        _ input: Tensor, dropoutSeed: UInt64?, pool: ComputePool = .shared,
        loss: (Tensor) throws -> (value: Double, gradient: Tensor)
    ) throws -> (loss: Double, gradients: Parameters) {
        try check(input)
        let context = context(pool)
        let stem = stem(context)
        let dropout = dropoutSeed.map {
            Dropout3d(probability: configuration.dropout, batch: input.batch, channels: configuration.initialFilters, seed: $0)
        }
        var features = stem(input)
        dropout?.apply(to: &features, pool: pool)

        var tape: Tape? = Tape()
        let logits = decode(encode(features, context, &tape), context, &tape)
        let (value, gradient) = try loss(logits)
        guard gradient.shape == logits.shape, var recorded = tape.take() else {
            throw TensorError(.shapeMismatch, "the loss's gradient must have the logits' shape \(logits.shape), got \(gradient.shape)")
        }
        var (stemGradient, gradients) = recorded.rewind(gradient, pool: pool)
        dropout?.apply(to: &stemGradient, pool: pool)
        // The image needs no gradient, so the first convolution gives its weight's only.
        stem.noteParameterGradients(input, stemGradient, &gradients)
        return (value, Parameters(named: parameters.names.compactMap { name in gradients[name].map { (name, $0) } }))
    }

    private func context(_ pool: ComputePool) -> LayerContext {
        LayerContext(parameters: parameters, normalizationGroups: configuration.normalizationGroups, pool: pool)
    }

    private func stem(_ context: LayerContext) -> Convolution { Convolution(name: "convInit", context: context) }

    /// Every level's output, the full resolution first.
    private func encode(_ features: Tensor, _ context: LayerContext, _ tape: inout Tape?) -> [Tensor] {
        var levels: [Tensor] = []
        var features = features
        for (level, blocks) in configuration.blocksDown.enumerated() {
            if level > 0 {
                tape?.noteBranch()
                features = run(Convolution(name: "down_layers.\(level).0", stride: 2, context: context).recorded(features), &tape)
            }
            for block in 0..<blocks {
                features = run(ResidualBlock(name: "down_layers.\(level).\(block + 1)", context: context).recorded(features), &tape)
            }
            levels.append(features)
        }
        return levels
    }

    private func decode(_ levels: [Tensor], _ context: LayerContext, _ tape: inout Tape?) -> Tensor {
        var levels = levels
        var features = levels.removeLast()
        for (step, blocks) in configuration.blocksUp.enumerated() {
            features = run(Convolution(name: "up_samples.\(step).0", context: context).recorded(features), &tape)
            features = run(upsampled(features, context), &tape)
            add(levels.removeLast(), to: &features, pool: context.pool)
            tape?.noteJoin()
            for block in 0..<blocks {
                features = run(ResidualBlock(name: "up_layers.\(step).\(block)", context: context).recorded(features), &tape)
            }
        }
        let (logits, pullback) = NormalizedConvolution(norm: "conv_final.0", convolution: "conv_final.2", context: context)
            .recorded(features)
        return run((logits, { pullback($0, nil, &$1) }), &tape)
    }

    private func upsampled(_ features: Tensor, _ context: LayerContext) -> (output: Tensor, pullback: Pullback) {
        (upsampleForward(features, pool: context.pool), { gradient, _ in upsampleBackward(gradient, pool: context.pool) })
    }

    private func run(_ result: (output: Tensor, pullback: Pullback), _ tape: inout Tape?) -> Tensor {
        tape?.note(result.pullback)
        return result.output
    }

    private func check(_ input: Tensor) throws {
        let (channels, divisor) = (configuration.inputChannels, spatialDivisor)
        guard input.shape.count == 5, input.shape[1] == channels, input.shape.allSatisfy({ $0 > 0 }),
            input.shape.dropFirst(2).allSatisfy({ $0 % divisor == 0 })
        else {
            throw TensorError(
                .shapeMismatch,
                "the input must have the shape (N, \(channels), D, H, W) with D, H and W multiples of \(divisor), got \(input.shape)")
        }
    }
}
