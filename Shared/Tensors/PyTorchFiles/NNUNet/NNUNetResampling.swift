import Faults
import Foundation

/// How a configuration of nnU-Net resamples images, and the network's answers back. Source:
/// nnunetv2/preprocessing/resampling.
package struct NNUNetResampling: Sendable, Equatable {
    /// The degree of the splines images are resampled by; nnU-Net's own is 3.
    package let order: Int
    /// Whether images keep their own spacing.
    package let keepsSpacing: Bool
    /// Whether it is as nnU-Net's planner has it but for the order: z separately where spacings ask for it, to the
    /// nearest slice, answers linearly.
    package let isUsual: Bool

    private static let (usual, torch, none) = (
        "resample_data_or_seg_to_shape", "resample_torch_fornnunet", "no_resampling_hack"
    )

    /// - Throws: `unsupported` for functions that Columna has not.
    init(_ values: [String: Any], configuration: String) throws {
        let functions = ["data", "probabilities"].map { values["resampling_fn_\($0)"] as? String ?? Self.usual }
        guard functions.allSatisfy({ [Self.usual, Self.torch, Self.none].contains($0) }),
            functions.allSatisfy({ $0 == Self.none }) || !functions.contains(Self.none)
        else {
            throw PyTorchFileError(
                .unsupported,
                "plans.json: the configuration \(configuration) resamples by \(functions.map { $0.prefix(60) }.joined(separator: " and ")), "
                    + "Columna knows \(Self.usual), \(Self.torch) and, for both, \(Self.none)")
        }
        let options = ["data", "probabilities"].map { values["resampling_fn_\($0)_kwargs"] as? [String: Any] ?? [:] }
        keepsSpacing = functions[0] == Self.none
        order = keepsSpacing || functions[0] == Self.torch ? 1 : options[0]["order"] as? Int ?? 3
        isUsual =
            keepsSpacing
            || zip(functions, options).allSatisfy { function, options in
                // The first function leaves z to itself only where it is told to decide.
                let separation =
                    options["force_separate_z"]
                    ?? (function == Self.usual && !options.isEmpty ? false as Any : NSNull())
                return separation is NSNull && options["order_z"] as? Int ?? 0 == 0
            } && (functions[1] == Self.torch || options[1]["order"] as? Int ?? 1 == 1)
    }
}
