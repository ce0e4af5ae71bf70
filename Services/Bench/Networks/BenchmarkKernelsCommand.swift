import ArgumentParser
import Console
import Documents
import Files
import Foundation
import TensorCore
import Threads

/// `columna-bench kernels`: the convolutions one by one.
struct BenchmarkKernelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels", abstract: "Measure the networks' convolutions: ours and OpenBLAS's.",
        discussion: """
            Every convolution, and both of its gradients, by each algorithm that suits it, and its matrix products by kernels of ours and by
            OpenBLAS. The time is that of the quickest run; runs of one convolution take turns. Rates count the multiplications of direct
            convolution, whatever is computed. The error is the largest difference to sums in double precision on a sample of results, over the
            largest true value of the sample.

            Example:
              columna-bench kernels --threads 2 --repeat 5
            """)

    @Option(help: "Threads to compute on.", in: .threads)
    var threads = 2

    @Option(help: "Measured runs, after one that warms up.", in: .repeats)
    var `repeat` = 5

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    func run() async throws {
        let command = self
        try await OwnThread.run { try command.measure() }
    }

    private func measure() throws {
        let benchmark = KernelBenchmark(pool: ComputePool(threads: threads), repeats: self.repeat)
        let rows = try KernelBenchmark.shapes.flatMap { try benchmark.rows($0) }
        let machine = GEMMRate.measured(pool: benchmark.pool)
        if json { print(document(rows, machine).text) } else { print(text(rows, machine)) }
    }

    private static func name(_ arithmetic: Arithmetic) -> String { arithmetic == .fast ? "Winograd" : "direct" }
    private static func name(_ products: ProductKernel) -> String { products == .own ? "ours" : "OpenBLAS" }
    private static func rate(_ row: KernelBenchmark.Row) -> Double {
        2 * Double(row.shape.multiplications) / row.seconds
    }

    private static var points: String { "0, ±\(Winograd.a), ±\(Winograd.b), ∞" }

    private func text(_ rows: [KernelBenchmark.Row], _ machine: Double) -> String {
        var table = TextTable(
            "edges", "channels", "voxels", "kernel", "computed", "products", ">ms", ">GFLOP/s", ">of GEMM", ">error")
        for row in rows {
            let rate = Self.rate(row)
            table.add(
                row.shape.title, "\(row.shape.inputs) → \(row.shape.outputs)", "\(row.shape.edge)³",
                row.kernel.rawValue,
                Self.name(row.way.arithmetic), Self.name(row.way.products),
                String(format: "%.2f", row.seconds * 1000), String(format: "%.1f", rate / 1e9),
                String(format: "%.0f %%", 100 * rate / machine),
                String(format: "%.1e", row.error))
        }
        return """
            \(table.text)

            The machine's matrix products: \(String(format: "%.1f", machine / 1e9)) GFLOP/s on \(threads) threads.
            Peak memory of the process: \(ProcessMemory.peakBytes().map(MemoryPlan.text) ?? "unknown").
            Winograd F(\(Winograd.outputs)³, 3³): tiles of \(Winograd.points)³ inputs, points \(Self.points).
            """
    }

    private func document(_ rows: [KernelBenchmark.Row], _ machine: Double) -> JSONValue {
        .object([
            ("threads", .integer(threads)), ("machine_gemm_gflops", .number(machine / 1e9)),
            ("peak_bytes", JSONValue(ProcessMemory.peakBytes())),
            (
                "winograd",
                .object([
                    ("outputs_of_tile", .integer(Winograd.outputs)), ("inputs_of_tile", .integer(Winograd.points)),
                    ("points", .string(Self.points)),
                ])
            ),
            (
                "kernels",
                JSONValue(
                    rows.map { row in
                        .object([
                            ("edges", .string(row.shape.title)), ("inputs", .integer(row.shape.inputs)),
                            ("outputs", .integer(row.shape.outputs)), ("edge", .integer(row.shape.edge)),
                            ("kernel", .string(row.kernel.rawValue)),
                            ("computed", .string(Self.name(row.way.arithmetic).lowercased())),
                            ("products", .string(Self.name(row.way.products))),
                            ("quickest_seconds", .number(row.seconds)),
                            ("effective_gflops", .number(Self.rate(row) / 1e9)),
                            ("share_of_gemm", .number(Self.rate(row) / machine)),
                            ("error", .number(row.error)),
                        ])
                    })
            ),
        ])
    }
}
