import Faults
import Foundation
import Networks
import Plans
import Testing
import Volumes

@Suite struct PlanTests {
    @Test func bytesAreDeterministicAndReadBack() throws {
        var plan = Plan()
        plan.intensities = .monaiLabel
        plan.patch = [64, 72, 96]
        let json = try plan.json()
        #expect(try Plan(json: json) == plan)
        #expect(try Plan(json: json).json() == json)
        let text = String(decoding: json, as: UTF8.self)
        #expect(text.contains("\"scheme\" : \"monaiLabel\""))
        #expect(text.contains("\"labelSet\" : \"spine-25\""))
    }

    /// Plans, and digests of them, from before there was a choice of rules.
    @Test func plansWithMONAIsResamplingKeepTheirBytes() throws {
        var plan = Plan()
        #expect(!String(decoding: try plan.json(), as: UTF8.self).contains("resampling"))
        let signature =
            #"{"intensities":{"lower":-250,"scheme":"window","upper":1250},"interpolation":"linear","labelSet":"spine-25","#
            + #""orientation":"RAS","spacingInMillimetres":[1.5,1.5,1.5]}"#
        #expect(try plan.preprocessingSignature() == signature)
        plan.resampling = .nnUNet
        plan.interpolation = .cubic
        #expect(try Plan(json: plan.json()) == plan)
        #expect(try plan.preprocessingSignature().contains(#""resampling":"nnunet""#))
        plan.resampling = .itk
        #expect(throws: PlanError(.invalidPlan, "")) { try plan.validate() }
    }

    @Test func theDefaultIsValid() throws {
        try Plan().validate()
        #expect(Plan().classes == 26)
    }

    /// A plan with one wrong decision, the fact its error names and what was expected.
    struct Mistake: Sendable {
        let fact: String
        let expectation: String
        let change: @Sendable (inout Plan) -> Void

        init(_ fact: String, _ expectation: String, _ change: @escaping @Sendable (inout Plan) -> Void) {
            self.fact = fact
            self.expectation = expectation
            self.change = change
        }
    }

    static let mistakes = [
        Mistake("patch", "divisible by [8, 8, 8]") { $0.patch = [96, 96, 90] },
        Mistake("patch", "three edges") { $0.patch = [96, 96] },
        Mistake("spacing", "0.1 to 20 mm") { $0.spacingInMillimetres = [1.5, 0, 1.5] },
        Mistake("window", "rise") { $0.intensities = .window(lower: 100, upper: 100) },
        Mistake("overlap", "0 ..< 1") { $0.slidingWindow.overlap = 1 },
        Mistake("sigma", "positive") { $0.slidingWindow.sigmaScale = 0 },
        Mistake("orientation", "RAS") { $0.orientation = "RAL" },
        Mistake("orientation", "RAS") { $0.orientation = "ras" },
        Mistake("mirroring", "at most once") { $0.slidingWindow.mirroring = [0, 3] },
        Mistake("mirroring", "at most once") { $0.slidingWindow.mirroring = [1, 1] },
        Mistake("air", "number of HU") { $0.slidingWindow.airInHounsfieldUnits = .nan },
        Mistake("intensities", "clipped from lower") {
            $0.intensities = .ct(lower: 5, upper: 5, mean: 0, deviation: 1)
        },
        Mistake("standard deviation", "not negative") {
            $0.intensities = .ct(lower: -5, upper: 5, mean: 0, deviation: -1)
        },
        Mistake("label set", "26 classes") { $0.network.segResNet?.outputChannels = 3 },
        Mistake("network", "norm_groups") { $0.network.segResNet?.norm = .group(7) },
        Mistake("classLabels", "each of the 26 classes") { $0.classLabels = [0, 1] },
        Mistake("classLabels", "must name each of them") { $0.classLabels = [0] + [Int](repeating: 1, count: 25) },
        Mistake("schemaVersion", "must be 1") { $0.schemaVersion = 2 },
    ]

    @Test(arguments: mistakes)
    func saysWhatIsWrong(mistake: Mistake) {
        var plan = Plan()
        mistake.change(&plan)
        let error = #expect(throws: PlanError.self) { try plan.validate() }
        #expect(error?.code == .invalidPlan)
        #expect(error?.description.contains(mistake.fact) == true)
        #expect(error?.description.contains(mistake.expectation) == true)
    }

    /// One class more than labels, for what is to be told from them.
    @Test func aClassBehindTheLabelsIsWrittenAsBackground() throws {
        var plan = Plan()
        plan.network.segResNet?.outputChannels = 27
        plan.classLabels = Array(0...25) + [0]
        try plan.validate()
        #expect(plan.unlabelledClass == 26 && plan.labelCount == 26)
        #expect(Plan().unlabelledClass == nil)
    }

    /// What is new since plans were first written is left out where it is as ever, so that plans and the digests made
    /// of them keep their bytes.
    @Test func newChoicesAreWrittenOnlyWhereTheyAreMade() throws {
        let usual = String(decoding: try Plan().json(), as: UTF8.self)
        for key in ["classLabels", "keepsSpacing", "\"norm\"", "\"act\""] { #expect(!usual.contains(key)) }
        var plan = Plan()
        plan.network.segResNet?.outputChannels = 27
        plan.classLabels = [0, 25] + Array(1...25)
        plan.keepsSpacing = true
        plan.network.segResNet?.norm = .instance
        plan.network.segResNet?.activation = .leakyReLU(slope: 0.1)
        try plan.validate()
        #expect(try Plan(json: plan.json()) == plan)
        #expect(plan.labelCount == 26 && plan.classes == 27 && plan.unlabelledClass == nil)
        #expect(try plan.preprocessingSignature() != Plan().preprocessingSignature())
    }

    @Test(arguments: [
        (#"{"norm": "instance"}"#, SegResNet.Norm.instance, false, SegResNet.Activation.relu),
        (
            #"{"norm": ["INSTANCE", {"affine": true}], "act": ["LEAKYRELU", {"negative_slope": 0.2, "inplace": true}]}"#,
            .instance, true, .leakyReLU(slope: 0.2)
        ),
        (#"{"norm": ["GROUP", {"num_groups": 4}], "act": ["RELU", {"inplace": true}]}"#, .group(4), true, .relu),
        (#"{"norm_groups": 16, "act": "prelu"}"#, .group(16), true, .parametricReLU),
        (#"{"norm": "batch"}"#, .batch, true, .relu),
        (#"{"norm": ["instance", {"affine": true, "track_running_stats": true}]}"#, .batch, true, .relu),
    ]) func layersAreNamedAsMONAINamesThem(
        network: String, norm: SegResNet.Norm, hasWeights: Bool, activation: SegResNet.Activation
    ) throws {
        let found = try #require(Plan(json: Data("{\"network\": \(network)}".utf8)).network.segResNet)
        #expect(found.norm == norm && found.normsHaveWeights == hasWeights && found.activation == activation)
    }

    @Test(arguments: [
        (#"{"norm": "layer"}"#, "group, instance or batch"), (#"{"act": "swish"}"#, "relu, leakyrelu or prelu"),
        (#"{"norm": ["group", {"eps": 0.1}]}"#, "eps"),
        (#"{"norm": ["group", {"groups": 4}]}"#, "groups"),
        (#"{"norm": ["group", {"num_groups": 4}], "norm_groups": 8}"#, "leave one of them out"),
        (#"{"norm": "instance", "norm_groups": 8}"#, "leave one of them out"),
        (#"{"norm": ["group", {"num_groups": true}]}"#, "num_groups must be a number, got true"),
        (#"{"norm": ["instance", {"affine": 1}]}"#, "affine must be true or false, got 1"),
        (#"{"act": ["leakyrelu", {"negative_slope": false}]}"#, "negative_slope must be a number, got false"),
    ]) func layersThatAreNotComputedAreRefused(network: String, reason: String) {
        let error = #expect(throws: PlanError.self) { try Plan(json: Data("{\"network\": \(network)}".utf8)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "Git LFS"),
        ("<!DOCTYPE html><html></html>", "web page"),
        ("\u{1F}\u{8B}", "gzip"), ("", "an empty file"),
    ]) func whatIsNoPlanIsNamed(text: String, kind: String) {
        let bytes = kind == "gzip" ? Data([0x1F, 0x8B, 8, 0]) : Data(text.utf8)
        let error = #expect(throws: PlanError.self) { try Plan(json: bytes) }
        #expect(error?.description.contains(kind) == true, "\(error?.description ?? "")")
    }

    @Test func namesOnlyWhatDiffers() throws {
        #expect(try Plan(json: Data("{}".utf8)) == Plan())
        var expected = Plan()
        expected.patch = [64, 64, 64]
        expected.slidingWindow.overlap = 0.5
        expected.network.segResNet?.initialFilters = 16
        let json =
            "{\"patch\": [64, 64, 64], \"slidingWindow\": {\"overlap\": 0.5}, \"network\": {\"init_filters\": 16}}"
        #expect(try Plan(json: Data(json.utf8)) == expected)
    }

    /// As plans were written before there was another convention.
    @Test func olderPlansMeanMONAIsWindows() throws {
        let json = """
            {"overlap": 0.4, "weighting": "gaussian", "sigmaScale": 0.125, "padding": "replicate"}
            """
        let plan = try Plan(json: Data("{\"slidingWindow\": \(json)}".utf8))
        #expect(plan.slidingWindow == WindowPlan())
        #expect(plan.slidingWindow.convention == .monai && plan.slidingWindow.passes == 1)
    }

    @Test func nnUNetsWindowsBringTheirOwnDefaults() throws {
        let json =
            "{\"slidingWindow\": {\"convention\": \"nnunet\", \"mirroring\": [0, 2], \"airInHounsfieldUnits\": -900}}"
        let plan = try Plan(json: Data(json.utf8))
        var expected = WindowPlan.nnUNet
        expected.mirroring = [0, 2]
        expected.airInHounsfieldUnits = -900
        #expect(
            plan.slidingWindow == expected && expected.overlap == 0.5 && expected.padding == .zero
                && expected.passes == 4)
        #expect(try Plan(json: plan.json()) == plan)
    }

    @Test func theLeftRightAxisFollowsTheOrientation() throws {
        #expect(Plan().leftRightAxis == 0)
        let plan = try Plan(json: Data("{\"orientation\": \"SAL\"}".utf8))
        #expect(plan.leftRightAxis == 2)
    }

    @Test func namesNNUNetsNetworks() throws {
        let network =
            #"{"architecture": "plain-unet", "input_channels": 1, "features": [8, 16], "kernels": [[1, 3, 3], 3], "strides": [1, [1, 2, 2]], "#
            + #""classes": 3, "convolutions_per_stage": 2, "convolutions_per_stage_decoder": 1}"#
        func plan(_ patch: String, _ network: String) throws -> Plan {
            try Plan(json: Data("{\"labelSet\": \"mine\", \"patch\": \(patch), \"network\": \(network)}".utf8))
        }
        let valid = network.replacingOccurrences(of: "[[1, 3, 3], 3]", with: "[[1, 3, 3], [3, 3, 3]]")
            .replacingOccurrences(of: "[1, [1, 2, 2]]", with: "[[1, 1, 1], [1, 2, 2]]")
        let read = try plan("[5, 64, 62]", valid)
        #expect(read.network.architecture == .plainUNet && read.classes == 3)
        #expect(try Plan(json: read.json()) == read)
        func reason(_ patch: String, _ network: String) -> String {
            #expect(throws: PlanError.self) { try plan(patch, network) }?.description ?? ""
        }
        // Only height and width are halved.
        #expect(
            reason("[4000000000000000000, 4000000000000000000, 4000000000000000000]", valid).contains(
                "at most 134217728 voxels"))
        #expect(reason("[1, 2, 2]", valid).contains("a single voxel"))
        #expect(reason("[5, 64, 63]", valid).contains("divisible by [1, 2, 2]"))
        #expect(
            reason("[5, 64, 62]", valid.replacingOccurrences(of: "plain-unet", with: "vnet")).contains(
                "network.architecture must be segresnet or"))
        #expect(
            reason("[5, 64, 62]", valid.replacingOccurrences(of: "classes", with: "klasses")).contains(
                "no key \"network.klasses\""))
        #expect(
            reason("[5, 64, 62]", valid.replacingOccurrences(of: "\"classes\": 3, ", with: "")).contains(
                "network.classes is missing"))
        #expect(reason("[5, 64, 62]", network).contains("network.kernels"))
    }

    @Test(arguments: [
        ("not json", "not JSON"), ("[]", "object in braces"), ("{\"schemaVersion\": 7}", "schema version 7"),
        ("{\"schemaVersion\": 7, \"unheardOf\": 1}", "schema version 7"),
        ("{\"intensities\": {\"scheme\": \"other\"}}", "intensity scheme"),
        ("{\"intensities\": {\"scheme\": \"window\", \"lower\": 1}}", "intensities.upper is missing"),
        ("{\"patches\": [64, 64, 64]}", "no key \"patches\", expected classLabels, intensities, interpolation"),
        ("{\"patch\": [64, 64, \"64\"]}", "patch[2] must be a whole number"),
        ("{\"labelSet\": 25}", "labelSet must be a text"),
        ("{\"labelSet\": \"spine-25\", \"labelSet\": \"spine-24\"}", "the key \"labelSet\" is there twice"),
        (
            "{\"slidingWindow\": {\"overlap\": 0.5, \"overlap\": 0.25}}",
            "the key \"slidingWindow.overlap\" is there twice, expected each key once"
        ),
        ("{\"interpolation\": \"sinc\"}", "interpolation must be linear or nearest or cubic, got \"sinc\""),
        ("{\"resampling\": \"itk\"}", "resampling must be monai or nnunet or totalsegmentator, got \"itk\""),
        (
            "{\"slidingWindow\": {\"over\": 0.5}}",
            "no key \"slidingWindow.over\", expected airInHounsfieldUnits, convention"
        ),
        ("{\"slidingWindow\": {\"convention\": \"x\"}}", "slidingWindow.convention must be monai or nnunet"),
        (
            "{\"intensities\": {\"scheme\": \"ctNormalization\", \"lower\": 1, \"upper\": 2, \"mean\": 1}}",
            "standardDeviation is missing"
        ),
        ("{\"slidingWindow\": {\"weighting\": \"x\"}}", "slidingWindow.weighting must be constant or gaussian"),
        ("{\"network\": {\"filters\": 8}}", "no key \"network.filters\", expected act, architecture, blocks_down"),
        ("{\"network\": {\"init_filters\": \"8\"}}", "network.init_filters must be a whole number"),
        ("{\"network\": {\"init_filters\": 8.5}}", "network has a number"),
        ("{\"network\": 8}", "network must be an object"),
    ])
    func refusesWhatIsNoPlan(json: String, fact: String) {
        let error = #expect(throws: PlanError.self) { try Plan(json: Data(json.utf8)) }
        #expect(error?.code == .unreadablePlan)
        #expect(error?.description.contains(fact) == true, "\(error?.description ?? "no error")")
    }
}
