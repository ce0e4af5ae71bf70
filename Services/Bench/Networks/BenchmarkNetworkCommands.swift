import ArgumentParser
import Console
import TensorCore
import Threads

/// `columna-bench inference`: one forward pass again and again.
struct BenchmarkInferenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inference", abstract: "Measure a network's forward pass.",
        discussion: """
            The effective rate counts the multiplications of direct convolution, whatever is computed; its share is of the rate that
            OpenBLAS reaches here with one matrix product per thread.

            Example:
              columna-bench inference --architecture plain-unet --patch 128 --repeat 3
            """)

    @OptionGroup var options: NetworkBenchmarkOptions

    func run() async throws { try await measure(.inference, options) }
}

/// `columna-bench training-step`: forward, loss, backward and optimizer.
struct BenchmarkTrainingStepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "training-step", abstract: "Measure a training step: DiceCE, backward, AdamW.",
        discussion: """
            Three forward passes' multiplications are counted for a step. Dropout is off, so that losses compare.

            Example:
              columna-bench training-step --patch 96 --json
            """)

    @OptionGroup var options: NetworkBenchmarkOptions

    func run() async throws { try await measure(.trainingStep, options) }
}

private func measure(_ work: NetworkBenchmark.Work, _ options: NetworkBenchmarkOptions) async throws {
    try await OwnThread.run {
        var benchmark = try NetworkBenchmark(work, options)
        if options.serve {
            try benchmark.serve()
        } else {
            try benchmark.report(repeats: options.repeat, json: options.json)
        }
    }
}
