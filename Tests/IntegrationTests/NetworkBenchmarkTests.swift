import Foundation
import TensorCore
import Testing

/// `columna benchmark inference|training-step` on a network that takes no time.
@Suite struct NetworkBenchmarkTests {
    private static let network = #"{"init_filters": 8, "blocks_down": [1, 1], "blocks_up": [1], "out_channels": 3}"#

    private struct Document: Decodable {
        let benchmark: String
        let shape: [Int]
        let seconds: [Double]
        let multiplications: Int
        let effective_gflops: Double
        let machine_gemm_gflops: Double
        let peak_bytes: Int
    }

    private struct Answer: Decodable {
        let ready: Bool?
        let seconds: Double?
        let peak_bytes: Int
        let loss: Double?
    }

    @Test(arguments: ["inference", "training-step"]) func figuresAreInTheDocument(work: String) throws {
        let folder = try CommandFolder()
        try Data(Self.network.utf8).write(to: folder.url.appending(path: "n.json"))
        let result = try Program.run(
            [
                "benchmark", work, "--config", "n.json", "--patch", "8,16,24", "--repeat", "3", "--threads", "1",
                "--json",
            ], in: folder.url)
        #expect(result.status == 0, "\(result.errors)")
        let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
        #expect(document.benchmark == work && document.shape == [1, 1, 8, 16, 24] && document.seconds.count == 3)
        // By hand: stem 27·8, two residual blocks 4·27·64 and head 24 at 3072 voxels; down 27·128, block 2·27·256, up
        // 128 at 384.
        let forward = 3072 * (27 * 8 + 4 * 27 * 64 + 24) + 384 * (27 * 128 + 2 * 27 * 256 + 128)
        #expect(document.multiplications == (work == "inference" ? forward : 3 * forward))
        #expect(document.effective_gflops > 0 && document.machine_gemm_gflops > 0.1 && document.peak_bytes > 1 << 20)
    }

    @Test func servingAnswersEveryLine() throws {
        let folder = try CommandFolder()
        try Data(Self.network.utf8).write(to: folder.url.appending(path: "n.json"))
        let result = try Program.run(
            ["benchmark", "training-step", "--config", "n.json", "--patch", "8", "--serve"], in: folder.url,
            input: "go\ngo\n")
        #expect(result.status == 0, "\(result.errors)")
        let answers = try result.output.split(separator: "\n").map {
            try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
        }
        #expect(answers.count == 3)
        #expect(answers[0].ready == true && answers[0].loss == nil)
        // The second step begins where the first one went: downwards.
        let losses = answers.dropFirst().compactMap(\.loss)
        #expect(losses.count == 2 && losses[1] < losses[0])
        #expect(answers.dropFirst().allSatisfy { ($0.seconds ?? 0) > 0 && $0.peak_bytes >= answers[0].peak_bytes })
    }

    @Test func aVolumeBecomesLabelsOnItsGrid() throws {
        let folder = try CommandFolder()
        try Data(Self.network.utf8).write(to: folder.url.appending(path: "n.json"))
        let volume = Tensor((0..<20 * 16 * 24).map { Float($0 % 7) - 3 }, shape: [1, 1, 20, 16, 24])
        try Safetensors.write([("input", volume)], to: folder.url.appending(path: "v.safetensors"))
        let result = try Program.run(
            [
                "benchmark", "volume", "--config", "n.json", "--patch", "16", "--overlap", "0.25", "--input",
                "v.safetensors",
                "--output", "l.safetensors", "--serve",
            ], in: folder.url, input: "go\n")
        #expect(result.status == 0, "\(result.errors)")
        // 2 × 1 × 2 windows.
        #expect(result.output.contains("\"windows\": 4"))
        let labels = try Safetensors.read(folder.url.appending(path: "l.safetensors")).tensor("labels")
        #expect(labels.shape == [1, 1, 20, 16, 24] && labels.values.allSatisfy { [0, 1, 2].contains($0) })
    }

    @Test(arguments: [
        (["--patch", "9"], 65, "multiples of 2"), (["--patch", "4096"], 65, "at most 134217728 voxels"),
        (["--patch", "8,8"], 64, "--patch"),
        (["--repeat", "0"], 64, "for '--repeat <repeat>': expected a whole number from 1 to 100000"),
        (["--threads", "0"], 64, "for '--threads <threads>'"),
        (["--input", "missing.safetensors"], 65, "does not exist"),
    ])
    func wrongOptionsAreNamed(_ options: [String], _ status: Int, _ reason: String) throws {
        let folder = try CommandFolder()
        try Data(Self.network.utf8).write(to: folder.url.appending(path: "n.json"))
        let result = try Program.run(["benchmark", "inference", "--config", "n.json"] + options, in: folder.url)
        #expect(result.status == status && result.errors.contains(reason), "\(result.errors)")
    }
}
