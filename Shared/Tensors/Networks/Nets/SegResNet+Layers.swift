import Faults
import TensorCore

extension SegResNet {
    /// MONAI's `norm`. Weights alone tell group norms from instance norms with weights no more than they tell the
    /// number of groups.
    package enum Norm: Sendable, Equatable {
        /// So many groups.
        case group(Int)
        /// As MONAI has it unless told otherwise.
        package static let usual = Norm.group(usualGroups)
        package static let usualGroups = 8
        /// Each channel by itself.
        case instance
        /// By the statistics that were gathered in training, which are among the parameters (also instance norms that
        /// track theirs).
        case batch
    }

    /// MONAI's `act`. It is no part of the weights but for the slopes of `parametricReLU`.
    package enum Activation: Sendable, Equatable {
        case relu
        case leakyReLU(slope: Double)
        /// A leaky ReLU with a slope that was learnt, one for each block and one for the head.
        case parametricReLU
    }
}

extension SegResNet.Norm {
    /// PyTorch's default, and `Normalization`'s.
    private static let epsilon = 1e-5

    /// - Parameters:
    ///   - key: what the choice stands under, for errors.
    ///   - groups: of a group norm that does not say how many.
    /// - Returns: also whether the norms have weights and biases.
    /// - Throws: `TensorError.invalidConfiguration` for norms and options that Columna does not compute.
    static func chosen(_ choice: LayerChoice, of key: String = "norm", groups: Int) throws -> (
        norm: Self, hasWeights: Bool
    ) {
        try choice.require(among: ["num_groups", "affine", "eps", "momentum", "track_running_stats"], of: key)
        if let epsilon = try choice.number("eps"), epsilon != Self.epsilon {
            throw TensorError(.invalidConfiguration, "norm must have an eps of \(Self.epsilon), got \(epsilon)")
        }
        let (affine, tracks) = try (choice.flag("affine"), choice.flag("track_running_stats"))
        switch choice.name {
        case "group":
            let number = try choice.number("num_groups") ?? Double(groups)
            guard let count = Int(exactly: number) else {
                throw TensorError(.invalidConfiguration, "num_groups must be a whole number, got \(number)")
            }
            return (.group(count), affine ?? true)
        case "instance", "instance_nvfuser": return (tracks == true ? .batch : .instance, affine ?? false)
        case "batch", "syncbatch":
            guard tracks != false else {
                throw TensorError(
                    .invalidConfiguration,
                    "batch norms without running statistics cannot be computed one image at a time")
            }
            return (.batch, affine ?? true)
        default:
            throw TensorError(
                .invalidConfiguration, "\(key) must be group, instance or batch, got \"\(choice.name.prefix(40))\"")
        }
    }

    /// `group:8`, `instance` or `batch`, as on the command line under `option`.
    package init(text: String, option: String) throws {
        self = try Self.chosen(LayerChoice(text: text, number: "num_groups"), of: option, groups: Self.usualGroups).norm
    }

    func choice(hasWeights: Bool) -> LayerChoice {
        switch self {
        case .group(let count):
            LayerChoice("group", ["num_groups": .number(Double(count)), "affine": .flag(hasWeights)])
        case .instance: LayerChoice("instance", ["affine": .flag(hasWeights)])
        case .batch: LayerChoice("batch", ["affine": .flag(hasWeights)])
        }
    }

    /// Nil: each channel by itself.
    var groups: Int? {
        switch self {
        case .group(let count): count
        case .instance, .batch: nil
        }
    }
}

extension SegResNet.Activation {
    static func chosen(_ choice: LayerChoice, of key: String = "act") throws -> Self {
        try choice.require(among: ["inplace", "negative_slope", "num_parameters", "init"], of: key)
        switch choice.name {
        case "relu": return .relu
        case "leakyrelu": return .leakyReLU(slope: try choice.number("negative_slope") ?? 0.01)
        case "prelu" where try choice.number("num_parameters") ?? 1 == 1: return .parametricReLU
        default:
            throw TensorError(
                .invalidConfiguration,
                "\(key) must be relu, leakyrelu or prelu (of one parameter), got \"\(choice.name.prefix(40))\"")
        }
    }

    /// `relu`, `leakyrelu:0.1` or `prelu`, as on the command line under `option`.
    package init(text: String, option: String) throws {
        self = try Self.chosen(LayerChoice(text: text, number: "negative_slope"), of: option)
    }

    var choice: LayerChoice {
        switch self {
        case .relu: LayerChoice("relu")
        case .leakyReLU(let slope): LayerChoice("leakyrelu", ["negative_slope": .number(slope)])
        case .parametricReLU: LayerChoice("prelu")
        }
    }
}
