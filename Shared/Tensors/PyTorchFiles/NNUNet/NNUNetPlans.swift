import Faults
package import Foundation

/// nnU-Net's plans.json as far as a model needs it. Source: nnunetv2/utilities/plans_handling/plans_handler.py.
package struct NNUNetPlans {
    package let datasetName: String
    package let plansName: String
    /// The class that reads images: it decides which way the axes run.
    package let imageReader: String
    /// Which of the axes (k, j, i) of the image as read becomes the network's depth, height and width.
    package let transposeForward: [Int]
    package let intensities: NNUNetIntensities?
    private let configurations: [String: [String: Any]]

    package init(json: Data) throws {
        let plans = try PythonJSON.object(json, name: "plans.json", owner: "nnU-Net")
        guard let configurations = plans["configurations"] as? [String: [String: Any]] else {
            throw PyTorchFileError(
                .malformedSettings, "plans.json is not nnU-Net's: an object with configurations is expected")
        }
        self.configurations = configurations
        datasetName = plans["dataset_name"] as? String ?? ""
        plansName = plans["plans_name"] as? String ?? "nnUNetPlans"
        imageReader = plans["image_reader_writer"] as? String ?? ""
        transposeForward = plans["transpose_forward"] as? [Int] ?? [0, 1, 2]
        guard transposeForward.sorted() == [0, 1, 2] else {
            throw PyTorchFileError(
                .malformedSettings, "plans.json: transpose_forward must be an order of 0, 1, 2, got \(transposeForward)"
            )
        }
        let properties =
            plans["foreground_intensity_properties_per_channel"] ?? plans["foreground_intensity_properties_by_modality"]
        intensities = NNUNetIntensities((properties as? [String: Any])?["0"])
    }

    package var configurationNames: [String] { configurations.keys.sorted() }

    /// A configuration, completed by those it inherits from.
    /// - Throws: `malformedSettings` if it is not there, inherits from itself or lacks something; `unsupported` for
    ///   what Columna cannot do.
    package func configuration(_ name: String) throws -> NNUNetConfiguration {
        var chain: [String] = []
        var next: String? = name
        while let current = next {
            guard let values = configurations[current], !chain.contains(current) else {
                throw PyTorchFileError(
                    .malformedSettings,
                    "plans.json has no configuration \"\(current.prefix(60))\", or one that inherits from itself; it has \(configurationNames.joined(separator: ", "))"
                )
            }
            chain.append(current)
            next = values["inherits_from"] as? String
        }
        let merged = chain.reversed().reduce(into: [String: Any]()) { merged, name in
            merged.merge(configurations[name] ?? [:]) { _, own in own }
        }
        return try NNUNetConfiguration(name: name, values: merged)
    }
}
