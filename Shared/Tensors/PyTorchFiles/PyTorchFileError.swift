package import Faults

/// What can be wrong with a file of PyTorch or nnU-Net, or with what it is taken for. Equal by code; names no path.
package typealias PyTorchFileError = CodedFault<PyTorchFileErrorCode>

package enum PyTorchFileErrorCode: String, FaultCode {
    /// The operating system refused; its words are in the text.
    case inputOutput = "input-output"
    /// Nothing this reader knows: neither a zip archive of `torch.save` nor its older format.
    case unknownFormat = "unknown-format"
    /// The zip archive is torn or hostile: sizes, check sums, names or places of its entries.
    case malformedArchive = "malformed-archive"
    /// The pickle is torn or hostile.
    case malformedPickle = "malformed-pickle"
    /// The pickle wants something that is not on the list of what may be built; nothing was run.
    case refusedGlobal = "refused-global"
    /// A tensor does not fit its storage, or its storage is not in the file.
    case malformedTensor = "malformed-tensor"
    /// No tensor of that name, or the file holds no weights.
    case missingTensor = "missing-tensor"
    /// A tensor has another shape than the network needs; both are in the text.
    case shapeMismatch = "shape-mismatch"
    /// A JSON file of nnU-Net cannot be read or contradicts itself.
    case malformedSettings = "malformed-settings"
    /// Sound, but Columna has nothing that does what it asks for.
    case unsupported
    /// The file leaves something open that whoever reads it must say.
    case undecided

    package var blame: Blame {
        switch self {
        case .inputOutput: .file
        default: .input
        }
    }
}

extension PyTorchFileError {
    package static var firstVersion: PyTorchFileError {
        PyTorchFileError(
            .unsupported,
            "a model of nnU-Net v1, which neither nnU-Net v2 nor Columna runs: its plans and weights have another form; train it with v2"
        )
    }
}
