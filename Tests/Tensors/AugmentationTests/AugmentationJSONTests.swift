import Augmentation
import Documents
import Foundation
import Testing

@Suite struct AugmentationJSONTests {
    private func decoded(_ json: String) throws -> Augmentation {
        struct Recipe: Decodable { let augmentation: Augmentation }
        return try JSONDecoder().decode(Recipe.self, from: Data("{\"augmentation\": \(json)}".utf8)).augmentation
    }

    private func encoded(_ augmentation: Augmentation) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(augmentation), as: UTF8.self)
    }

    @Test(arguments: [
        ("none", Augmentation.none), ("light", .light), ("nnunet", .nnUNet), ("strong", .strong),
    ]) func aPresetIsItsName(name: String, augmentation: Augmentation) throws {
        #expect(try decoded("\"\(name)\"") == augmentation)
        #expect(try decoded("{\"preset\": \"\(name)\"}") == augmentation)
        #expect(try encoded(augmentation) == "\"\(name)\"")
    }

    @Test func anObjectSaysWhatDiffers() throws {
        var expected = Augmentation.nnUNet
        expected.rotation.range = -15...15
        expected.mirroring.axes = .leftRight
        expected.elastic.probability = 0.5
        expected.elastic.displacement = 1...2
        expected.jitter = .init()
        expected.jitter?.noise = 0...0
        let json = """
            {"preset": "nnunet", "rotation": {"range": [-15, 15]}, "mirroring": {"axes": "left-right"},
            "elastic": {"probability": 0.5, "displacement": [1, 2]}, "jitter": {"noise": [0, 0]}}
            """
        #expect(try decoded(json) == expected)
        #expect(try decoded(try encoded(expected)) == expected)
        var still = Augmentation.light
        still.jitter = nil
        #expect(try decoded(try encoded(still)) == still)
    }

    @Test(arguments: [
        ("\"heavy\"", "augmentation must be one of none, light, nnunet, strong, got \"heavy\""),
        ("3", "augmentation must be a text in quotes (none, light, nnunet, strong) or an object"),
        ("{\"rotation\": {}}", "augmentation.preset must be one of none"),
        ("{\"preset\": \"lite\"}", "augmentation.preset must be one of none"),
        ("{\"preset\": \"none\", \"rotate\": {}}", "no key \"augmentation.rotate\", expected blur, brightness"),
        (
            "{\"preset\": \"none\", \"rotation\": {\"angle\": 3}}",
            "no key \"augmentation.rotation.angle\", expected probability, range"
        ),
        ("{\"preset\": \"none\", \"rotation\": 3}", "augmentation.rotation must be an object in braces"),
        ("{\"preset\": \"none\", \"blur\": {\"probability\": 2}}", "augmentation.blur.probability must lie in 0 ... 1"),
        (
            "{\"preset\": \"none\", \"gamma\": {\"range\": [1.5, 0.7]}}",
            "augmentation.gamma.range must be [lower, upper] within 0.1 ... 10.0, got [1.5, 0.7]"
        ),
        ("{\"preset\": \"none\", \"gamma\": {\"range\": [0, 1]}}", "augmentation.gamma.range must be [lower, upper]"),
        ("{\"preset\": \"none\", \"gamma\": {\"range\": [1]}}", "augmentation.gamma.range must be [lower, upper]"),
        (
            "{\"preset\": \"none\", \"mirroring\": {\"axes\": \"up\"}}",
            "augmentation.mirroring.axes must be left-right or all, got \"up\""
        ),
    ]) func saysWhatIsWrong(json: String, sentence: String) {
        let error = #expect(throws: (any Error).self) { try decoded(json) }
        let description =
            (error as? SettingsDefect)?.description
            ?? (error as? DecodingError).map { SettingsDefect($0).description } ?? "\(error as Any)"
        #expect(description.contains(sentence), "\(description)")
    }
}
