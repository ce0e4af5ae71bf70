import Foundation
import Networks
import TensorCore
import TestSupport
import Testing

/// `columna network forward` as a person runs it: files in, a file or one line of reason out.
@Suite struct NetworkForwardTests {
    /// A small SegResNet by MONAI with its logits, unpacked into the files the command takes.
    private final class Files {
        let folder: CommandFolder
        let fixture: Safetensors
        var configuration: String
        var weights: [(name: String, tensor: Tensor)]
        var input: Tensor

        init(_ name: String = "segresnet_small") throws {
            folder = try CommandFolder()
            fixture = try Safetensors.read(Fixtures.url("networks/\(name).safetensors"))
            configuration = try #require(fixture.metadata["network"])
            let prefix = "weights."
            weights = try fixture.names.filter { $0.hasPrefix(prefix) }.map { [fixture] in
                (String($0.dropFirst(prefix.count)), try fixture.tensor($0))
            }
            input = try fixture.tensor("input")
        }

        func url(_ name: String) -> URL { folder.url.appending(path: name) }

        func write() throws {
            try Data(configuration.utf8).write(to: url("network.json"))
            try Safetensors.write(weights, to: url("weights.safetensors"))
            try Safetensors.write([("input", input)], to: url("input.safetensors"))
        }

        func forward(_ more: [String] = []) throws -> Program.Result {
            try Program.run(
                [
                    "network", "forward", "--config", "network.json", "--weights", "weights.safetensors", "--input",
                    "input.safetensors",
                    "--output", "output.safetensors",
                ] + more, in: folder.url)
        }

        func output() throws -> Safetensors { try Safetensors.read(url("output.safetensors")) }
    }

    @Test func logitsEqualPyTorch() throws {
        let files = try Files()
        try files.write()
        let result = try files.forward(["--threads", "2"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(Comparison.error(try files.output().tensor("logits"), try files.fixture.tensor("logits")) < 5e-6)
        #expect(try files.output().names == ["logits"])
    }

    @Test(arguments: ["plain_unet_anisotropic", "residual_unet_isotropic"], [[], ["--exact"]])
    func everyHeadEqualsPyTorch(name: String, options: [String]) throws {
        let files = try Files(name)
        try files.write()
        let result = try files.forward(options)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("MiB at its peak"))
        #expect(try files.output().names == ["logits", "logits.1"])
        #expect(Comparison.error(try files.output().tensor("logits"), try files.fixture.tensor("output_0")) < 1e-5)
        #expect(Comparison.error(try files.output().tensor("logits.1"), try files.fixture.tensor("output_1")) < 1e-5)
    }

    @Test func moreMemoryThanAllowedIsRefusedBeforeComputing() throws {
        let files = try Files()
        files.input = Tensor(zeros: [1, 1, 64, 64, 64])
        try files.write()
        let result = try files.forward(["--memory-limit", "1"])
        #expect(result.status == 1, "\(result.errors)")
        #expect(result.errors.contains("the limit is 1 MiB"))
        #expect(!FileManager.default.fileExists(atPath: files.url("output.safetensors").path))
    }

    @Test func aConfigurationInsideADescriptionIsTaken() throws {
        let files = try Files()
        files.configuration = "{\"what\": \"a network\", \"network\": \(files.configuration)}"
        try files.write()
        #expect(try files.forward(["--architecture", "segresnet"]).status == 0)
    }

    /// The upper half of a float32 is its bfloat16.
    @Test func bfloat16WeightsAreConverted() throws {
        let files = try Files()
        files.weights = files.weights.map { name, tensor in
            (name, Tensor(tensor.values.map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000) }, shape: tensor.shape))
        }
        try files.write()
        #expect(try files.forward().status == 0)
        let expected = try files.output().tensor("logits").values

        var (header, data) = ("{", Data())
        for (name, tensor) in files.weights {
            let begin = data.count
            for value in tensor.values {
                withUnsafeBytes(of: UInt16(value.bitPattern >> 16).littleEndian) { data.append(contentsOf: $0) }
            }
            header +=
                "\(begin > 0 ? "," : "")\"\(name)\":{\"dtype\":\"BF16\",\"shape\":\(tensor.shape),\"data_offsets\":[\(begin),\(data.count)]}"
        }
        header += "}"
        var file = Data()
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { file.append(contentsOf: $0) }
        try (file + Data(header.utf8) + data).write(to: files.url("weights.safetensors"))
        #expect(try files.forward().status == 0)
        #expect(try files.output().tensor("logits").values == expected)
    }

    struct BadInput: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reason: String
        let spoil: @Sendable (inout Tensor, inout [(name: String, tensor: Tensor)], inout String) -> Void

        init(
            _ name: String, _ reason: String,
            _ spoil: @escaping @Sendable (inout Tensor, inout [(name: String, tensor: Tensor)], inout String) -> Void
        ) {
            (testDescription, self.reason, self.spoil) = (name, reason, spoil)
        }
    }

    static let badInputs = [
        BadInput("patch not divisible", "multiples of 4, got [1, 1, 8, 6, 4]") { input, _, _ in
            input = Tensor(zeros: [1, 1, 8, 6, 4])
        },
        BadInput("zero-sized volume", "got [1, 1, 8, 0, 8]") { input, _, _ in input = Tensor(zeros: [1, 1, 8, 0, 8]) },
        BadInput("wrong channel count", "(N, 1, D, H, W)") { input, _, _ in input = Tensor(zeros: [1, 2, 8, 8, 8]) },
        BadInput("not five axes", "got [8, 8, 8]") { input, _, _ in input = Tensor(zeros: [8, 8, 8]) },
        BadInput("NaN in the input", "the input holds nan at index 3") { input, _, _ in input[3] = .nan },
        BadInput("infinity in the weights", "conv_final.2.conv.bias holds -inf at index 1") { _, weights, _ in
            let index = weights.firstIndex { $0.name == "conv_final.2.conv.bias" }!
            weights[index].tensor[1] = -.infinity
        },
        BadInput(
            "a parameter of another shape",
            "convInit.conv.weight must have the shape [4, 1, 3, 3, 3], got [4, 1, 1, 1, 1]"
        ) { _, weights, _ in
            let index = weights.firstIndex { $0.name == "convInit.conv.weight" }!
            weights[index].tensor = Tensor(zeros: [4, 1, 1, 1, 1])
        },
        BadInput(
            "weights of another architecture", "the parameter convInit.conv.weight of shape [4, 1, 3, 3, 3] is missing"
        ) { _, weights, _ in
            weights = [("encoder.stages.0.0.convs.0.conv.weight", Tensor(zeros: [4, 1, 3, 3, 3]))]
        },
        BadInput("a key that no network has", "a segresnet has no key \"filters\"") { _, _, configuration in
            configuration = #"{"filters": 4}"#
        },
        BadInput("another architecture's keys", "does not say which architecture") { _, _, configuration in
            configuration = #"{"features": [4, 8]}"#
        },
        BadInput("no JSON", "must be one JSON object") { _, _, configuration in configuration = "network" },
    ]

    @Test(arguments: badInputs) func badInputIsNamedAndNothingIsWritten(_ bad: BadInput) throws {
        let files = try Files()
        bad.spoil(&files.input, &files.weights, &files.configuration)
        try files.write()
        try expectRefusal(files, bad.reason)
    }

    @Test func aFileOfAnotherByteOrderIsRefused() throws {
        let files = try Files()
        try files.write()
        var bytes = try Data(contentsOf: files.url("weights.safetensors"))
        bytes.replaceSubrange(0..<8, with: bytes.prefix(8).reversed())
        try bytes.write(to: files.url("weights.safetensors"))
        try expectRefusal(files, "--weights weights.safetensors: the file's byte order is big-endian")
    }

    @Test func aTornFileIsRefused() throws {
        let files = try Files()
        try files.write()
        try Data(contentsOf: files.url("input.safetensors")).dropLast(4).write(to: files.url("input.safetensors"))
        try expectRefusal(files, "--input input.safetensors: the file is torn")
    }

    @Test func numbersTooLargeToComputeWithAreRefused() throws {
        let files = try Files()
        let index = try #require(files.weights.firstIndex { $0.name == "conv_final.2.conv.weight" })
        for place in 0..<files.weights[index].tensor.count { files.weights[index].tensor[place] = 3e38 }
        try files.write()
        let result = try files.forward()
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("the result logits holds"))
        #expect(!FileManager.default.fileExists(atPath: files.url("output.safetensors").path))
    }

    @Test func aFileThatIsReadIsNotReplaced() throws {
        let files = try Files()
        try files.write()
        let before = try Data(contentsOf: files.url("weights.safetensors"))
        let result = try files.forward(["--output", "./weights.safetensors"])
        #expect(result.status == 64, "\(result.errors)")
        #expect(try Data(contentsOf: files.url("weights.safetensors")) == before)
    }

    @Test func aFolderThatIsNotThereIsSaidBeforeComputing() throws {
        let files = try Files()
        try files.write()
        let result = try files.forward(["--output", "missing/output.safetensors"])
        #expect(result.status == 1)
        #expect(result.errors.contains("does not exist or cannot be written to"))
    }

    private func expectRefusal(_ files: Files, _ reason: String) throws {
        let result = try files.forward()
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains(reason), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1 && result.errors.hasPrefix("columna: "))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: files.folder.url.path).sorted()
                == ["input.safetensors", "network.json", "weights.safetensors"])
    }
}
