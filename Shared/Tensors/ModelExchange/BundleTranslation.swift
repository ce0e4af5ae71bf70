import Faults
import Foundation
import Networks
import Plans
import PyTorchFiles
import Volumes

/// What a bundle's `inference.json` does to images, as a plan. Transforms, arguments and networks that a plan has no
/// word for are refused by name.
struct BundleTranslation {
    private(set) var plan = Plan()
    private(set) var remarks: [String] = []
    private let configuration: BundleConfiguration

    /// - Throws: `ModelExchangeError` (`unsupported`, `undecided`), `PyTorchFileError`, `PlanError`.
    init(_ configuration: BundleConfiguration) throws {
        self.configuration = configuration
        plan.network = .segResNet(try network())
        plan.labelSet = "unnamed-\(plan.classes)"
        try read(transforms("preprocessing"), before: true)
        try readInferer()
        try read(transforms("postprocessing"), before: false)
    }

    /// An object that a configuration builds: a class by its name, and its arguments.
    private struct Component {
        let name: String
        var arguments: [String: Any]
        let what: String

        init?(_ value: Any, what: String) {
            guard var object = value as? [String: Any], let target = object["_target_"] as? String else { return nil }
            // `"_disabled_": true` leaves it out; the other such keys say how it is built.
            object["_target_"] = nil
            name = target.split(separator: ".").last.map(String.init) ?? target
            arguments = object
            self.what = what
        }

        var isDisabled: Bool { (arguments["_disabled_"] as? NSNumber)?.boolValue == true }

        func number(_ key: String) throws -> Double? {
            guard let value = arguments[key], !(value is NSNull) else { return nil }
            guard let number = value as? NSNumber else { throw refusal(key) }
            return number.doubleValue
        }

        func flag(_ key: String) throws -> Bool? {
            guard let value = arguments[key], !(value is NSNull) else { return nil }
            guard let number = value as? NSNumber else { throw refusal(key) }
            return number.boolValue
        }

        func numbers(_ key: String) throws -> [Double]? {
            guard let value = arguments[key], !(value is NSNull) else { return nil }
            if let one = value as? NSNumber { return [one.doubleValue] }
            guard let list = value as? [NSNumber] else { throw refusal(key) }
            return list.map(\.doubleValue)
        }

        /// A word, or a list of the same word, one for each key of the sample.
        func word(_ key: String) throws -> String? {
            guard let value = arguments[key], !(value is NSNull) else { return nil }
            if let word = value as? String { return word }
            guard let words = value as? [String], Set(words).count == 1 else { throw refusal(key) }
            return words[0]
        }

        /// - Parameter free: arguments that change nothing here.
        func require(_ known: [String], free: [String] = []) throws {
            let all = Set(
                known + free + ["keys", "_disabled_", "_requires_", "_mode_", "_desc_", "allow_missing_keys"])
            for key in arguments.keys.sorted() where !all.contains(key) { throw refusal(key) }
        }

        func refusal(_ key: String) -> ModelExchangeError {
            ModelExchangeError(
                .unsupported,
                "the bundle's \(what) \(name.prefix(60)) has \(key.prefix(40)) \("\(arguments[key] ?? "")".prefix(60)), for which Columna's plans have no word"
            )
        }
    }

    // MARK: - Network

    private func network() throws -> SegResNet.Configuration {
        let key = ["network_def", "network", "net"].first { key in
            ((try? configuration.value(key)) as? [String: Any])?["_target_"] != nil
        }
        guard let key, let found = try configuration.value(key), var network = Component(found, what: "network") else {
            throw ModelExchangeError(.unsupported, "the bundle's configuration has no network_def that names a network")
        }
        guard network.name == "SegResNet" else {
            throw ModelExchangeError(
                .unsupported, "the bundle's network is a \(network.name.prefix(60)), expected MONAI's SegResNet")
        }
        try network.require([
            "spatial_dims", "in_channels", "out_channels", "init_filters", "blocks_down", "blocks_up", "dropout_prob",
            "norm", "act", "num_groups", "upsample_mode", "use_conv_final",
        ])
        guard try network.number("spatial_dims") ?? 3 == 3 else { throw network.refusal("spatial_dims") }
        guard try network.word("upsample_mode") ?? "nontrainable" == "nontrainable" else {
            throw network.refusal("upsample_mode")
        }
        guard try network.flag("use_conv_final") ?? true else { throw network.refusal("use_conv_final") }
        for key in ["spatial_dims", "upsample_mode", "use_conv_final", "_disabled_", "_requires_", "_mode_", "_desc_"] {
            network.arguments[key] = nil
        }
        // MONAI's defaults, which are not the plan's.
        let standard: [String: Any] = [
            "init_filters": 8, "out_channels": 2, "blocks_down": [1, 2, 2, 4], "blocks_up": [1, 1, 1],
        ]
        network.arguments.merge(standard) { own, _ in own }
        if let groups = network.arguments.removeValue(forKey: "num_groups"), network.arguments["norm"] == nil {
            network.arguments["norm_groups"] = groups
        }
        if network.arguments["dropout_prob"] is NSNull { network.arguments["dropout_prob"] = nil }
        for key in network.arguments.keys.sorted() where network.arguments[key] is BundleProgram {
            throw network.refusal(key)
        }
        let json = try JSONSerialization.data(withJSONObject: network.arguments)
        do { return try JSONDecoder().decode(SegResNet.Configuration.self, from: json) } catch {
            throw ModelExchangeError(
                .unsupported,
                "the bundle's network has arguments that Columna's SegResNet has not: \(error)".prefix(300).description)
        }
    }

    // MARK: - Transforms

    private func transforms(_ key: String) throws -> [Component] {
        guard let value = try configuration.value(key) as? [String: Any] else {
            throw ModelExchangeError(.unsupported, "the bundle's configuration has no \(key)")
        }
        guard let list = value["transforms"] as? [Any] else {
            throw ModelExchangeError(.unsupported, "the bundle's \(key) has no list of transforms")
        }
        return try list.enumerated().compactMap { index, value in
            guard let one = Component(value, what: key) else {
                throw ModelExchangeError(.unsupported, "the bundle's \(key) has no transform at place \(index)")
            }
            return one.isDisabled ? nil : one
        }
    }

    /// Transforms of dictionaries are called like those of arrays with a `d`, `D` or `Dict` behind.
    private static let known = [
        "LoadImage", "EnsureType", "EnsureChannelFirst", "ToTensor", "Orientation", "Spacing", "ScaleIntensityRange",
        "NormalizeIntensity", "GaussianSmooth", "ScaleIntensity", "Activations", "AsDiscrete", "Invert", "SaveImage",
    ]

    private static func base(_ name: String) -> String? {
        known.first {
            name == $0 || ["d", "D", "Dict"].contains(String(name.dropFirst($0.count))) && name.hasPrefix($0)
        }
    }

    /// What has been met, in order.
    private var met: [String] = []

    private mutating func read(_ transforms: [Component], before: Bool) throws {
        var steps: [IntensityStep] = []
        met = []
        for one in transforms {
            guard let name = Self.base(one.name) else { throw unknown(one) }
            if before {
                if let step = try step(name, one) { steps.append(step) } else { try prepare(name, one) }
            } else {
                try finish(name, one)
            }
            met.append(name)
        }
        if before {
            try concludeBefore(steps)
        } else {
            try concludeAfter()
        }
    }

    private func unknown(_ one: Component) -> ModelExchangeError {
        ModelExchangeError(
            .unsupported,
            "the bundle's \(one.what) has the transform \(one.name.prefix(60)), for which Columna's plans have no word: import its weights, models/model.pt, with a --plan"
        )
    }

    private mutating func prepare(_ name: String, _ one: Component) throws {
        switch name {
        case "LoadImage":
            try one.require([], free: ["image_only", "reader", "dtype", "ensure_channel_first", "simple_keys"])
        case "EnsureType", "ToTensor":
            try one.require([], free: ["data_type", "dtype", "device", "track_meta", "wrap_sequence"])
        case "EnsureChannelFirst": try one.require([], free: ["channel_dim", "strict_check"])
        case "Orientation":
            try one.require(["axcodes"], free: ["labels"])
            guard let letters = try one.word("axcodes"), Orientation(letters)?.description == letters,
                !met.contains("Spacing")
            else { throw one.refusal("axcodes") }
            plan.orientation = letters
        case "Spacing":
            try one.require(["pixdim", "mode", "padding_mode", "diagonal", "align_corners"], free: ["dtype"])
            guard let spacing = try one.numbers("pixdim"), spacing.count == 3 || spacing.count == 1 else {
                throw one.refusal("pixdim")
            }
            plan.spacingInMillimetres = spacing.count == 3 ? spacing : [spacing[0], spacing[0], spacing[0]]
            switch try one.word("mode") ?? "bilinear" {
            case "bilinear": plan.interpolation = .linear
            case "nearest": plan.interpolation = .nearest
            default: throw one.refusal("mode")
            }
            guard try one.word("padding_mode") ?? "border" == "border" else { throw one.refusal("padding_mode") }
            guard try one.flag("diagonal") != true else { throw one.refusal("diagonal") }
        default: throw unknown(one)
        }
    }

    private func step(_ name: String, _ one: Component) throws -> IntensityStep? {
        switch name {
        case "ScaleIntensityRange":
            try one.require(["a_min", "a_max", "b_min", "b_max", "clip"], free: ["dtype"])
            guard let lower = try one.number("a_min"), let upper = try one.number("a_max") else {
                throw one.refusal("a_min")
            }
            return .scaleRange(
                lower: lower, upper: upper, newLower: try one.number("b_min") ?? 0,
                newUpper: try one.number("b_max") ?? 1, clips: try one.flag("clip") ?? false)
        case "NormalizeIntensity":
            try one.require(["nonzero", "channel_wise"], free: ["dtype"])
            return .standardise(nonZero: try one.flag("nonzero") ?? false)
        case "GaussianSmooth":
            try one.require(["sigma", "approx"])
            guard try one.word("approx") ?? "erf" == "erf", case let sigma = try one.numbers("sigma") ?? [1],
                Set(sigma).count == 1
            else { throw one.refusal("sigma") }
            return .smooth(sigma: sigma[0])
        case "ScaleIntensity":
            try one.require(["minv", "maxv", "channel_wise"], free: ["dtype"])
            return .stretch(lower: try one.number("minv") ?? 0, upper: try one.number("maxv") ?? 1)
        default: return nil
        }
    }

    private mutating func concludeBefore(_ steps: [IntensityStep]) throws {
        guard met.contains("Orientation") else {
            throw ModelExchangeError(
                .undecided,
                "the bundle takes images in the orientation they were stored in (it has no Orientationd), and nothing says which: import its weights with a --plan"
            )
        }
        if !met.contains("Spacing") { plan.keepsSpacing = true }
        let isIntensity = { (name: String) in name.contains("Intensity") || name == "GaussianSmooth" }
        if let first = met.firstIndex(where: isIntensity), met[first...].contains("Spacing") {
            throw ModelExchangeError(
                .unsupported,
                "the bundle's preprocessing has \(met[first]) before Spacing, Columna's plans have intensities after it"
            )
        }
        guard !steps.isEmpty else {
            throw ModelExchangeError(
                .unsupported, "the bundle's preprocessing has no transform of intensities: plans need one")
        }
        plan.intensities = .steps(steps)
    }

    // MARK: - Inferer

    private mutating func readInferer() throws {
        guard let found = try configuration.value("inferer"), let one = Component(found, what: "inferer") else {
            throw ModelExchangeError(.unsupported, "the bundle's configuration has no inferer")
        }
        guard one.name == "SlidingWindowInferer" else {
            throw ModelExchangeError(
                .unsupported, "the bundle's inferer is a \(one.name.prefix(60)), expected SlidingWindowInferer")
        }
        try one.require(
            ["roi_size", "overlap", "mode", "sigma_scale", "padding_mode", "cval"],
            free: ["sw_batch_size", "sw_device", "device", "progress", "cache_roi_weight_map", "cpu_thresh"])
        let edges = try one.numbers("roi_size")?.compactMap { Int(exactly: $0) } ?? []
        // What the network can take, the plan says; what no machine holds is refused here.
        guard [1, 3].contains(edges.count), edges.allSatisfy({ (1...4096).contains($0) }) else {
            throw one.refusal("roi_size")
        }
        plan.patch = edges.count == 3 ? edges : [edges[0], edges[0], edges[0]]
        guard case let overlap = try one.numbers("overlap") ?? [0.25], Set(overlap).count == 1 else {
            throw one.refusal("overlap")
        }
        plan.slidingWindow.overlap = overlap[0]
        plan.slidingWindow.sigmaScale = try one.number("sigma_scale") ?? 0.125
        switch try one.word("mode") ?? "constant" {
        case "gaussian": plan.slidingWindow.weighting = .gaussian
        case "constant": plan.slidingWindow.weighting = .constant
        default: throw one.refusal("mode")
        }
        switch try one.word("padding_mode") ?? "constant" {
        case "replicate": plan.slidingWindow.padding = .replicate
        case "constant":
            guard try one.number("cval") ?? 0 == 0 else { throw one.refusal("cval") }
            plan.slidingWindow.padding = .zero
        default: throw one.refusal("padding_mode")
        }
    }

    // MARK: - After the network

    private mutating func finish(_ name: String, _ one: Component) throws {
        switch name {
        case "Activations":
            try one.require(["softmax"])
            guard try one.flag("softmax") == true else { throw one.refusal("softmax") }
        case "AsDiscrete":
            try one.require(["argmax"])
            guard try one.flag("argmax") == true else { throw one.refusal("argmax") }
        case "Invert":
            try one.require(
                ["nearest_interp"],
                free: [
                    "transform", "orig_keys", "meta_keys", "orig_meta_keys", "meta_key_postfix", "to_tensor", "device",
                    "post_func",
                ])
            if met.contains("AsDiscrete"), try one.flag("nearest_interp") == false {
                throw one.refusal("nearest_interp")
            }
        case "SaveImage", "EnsureType", "ToTensor": break
        default: throw unknown(one)
        }
    }

    private mutating func concludeAfter() throws {
        guard let decided = met.firstIndex(of: "AsDiscrete") else {
            throw ModelExchangeError(
                .unsupported,
                "the bundle's postprocessing has no AsDiscreted with argmax: labels are what Columna makes")
        }
        guard let inverted = met.firstIndex(of: "Invert"), inverted < decided else {
            plan.labelGrid = .network
            return
        }
        if met[..<inverted].contains("Activations") {
            remarks.append(
                "MONAI brings probabilities back to the image's grid, Columna logits: labels can differ by a voxel at borders."
            )
        }
    }
}
