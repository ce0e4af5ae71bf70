package import TensorCore

/// Everything that a pickle may name. A name is a word here, never looked up in a program: nothing it stands for can run.
package enum PickleGlobal: Sendable, Equatable {
    case dictionaryType
    case sequenceType
    case rebuildTensor
    case rebuildParameter
    case storageType(ElementType)
    case elementType(ElementType)
    case encode
    case numpyScalar
    case numpyType
    /// Makes something that is of no use here, such as a device or a NumPy array.
    case opaqueType

    /// - Throws: `refusedGlobal` naming it.
    init(module: String, name: String) throws {
        guard let known = Self.known["\(module).\(name)"] else {
            throw PyTorchFileError(
                .refusedGlobal,
                "the file asks for \("\(module).\(name)".prefix(120)), which is not among what a file of weights may contain; nothing of it was run. "
                    + "Save the weights alone: torch.save(model.state_dict(), …)")
        }
        self = known
    }

    private static let known: [String: PickleGlobal] = {
        var table: [String: PickleGlobal] = [
            "collections.OrderedDict": .dictionaryType,
            "torch._utils._rebuild_tensor_v2": .rebuildTensor,
            "torch._utils._rebuild_parameter": .rebuildParameter,
            "torch._utils._rebuild_parameter_with_state": .rebuildParameter,
            "torch.Size": .sequenceType,
            "torch.device": .opaqueType,
            "_codecs.encode": .encode,
            "numpy.dtype": .numpyType,
            "numpy.ndarray": .opaqueType,
            "pathlib.PosixPath": .opaqueType,
            "pathlib.PurePosixPath": .opaqueType,
            "pathlib.WindowsPath": .opaqueType,
            "torch.storage.UntypedStorage": .storageType(.uint8),
        ]
        for module in ["builtins", "__builtin__"] {
            for name in ["set", "frozenset", "list", "tuple"] { table["\(module).\(name)"] = .sequenceType }
            table["\(module).bytearray"] = .opaqueType
        }
        // NumPy 2 renamed its core.
        for module in ["numpy.core.multiarray", "numpy._core.multiarray"] {
            table["\(module).scalar"] = .numpyScalar
            table["\(module)._reconstruct"] = .opaqueType
        }
        for module in ["numpy.core.numeric", "numpy._core.numeric"] { table["\(module)._frombuffer"] = .opaqueType }
        for (type, storage, name) in elements {
            table["torch.\(storage)Storage"] = .storageType(type)
            table["torch.\(name)"] = .elementType(type)
        }
        return table
    }()

    private static let elements: [(ElementType, storage: String, name: String)] = [
        (.float32, "Float", "float32"), (.float64, "Double", "float64"), (.float16, "Half", "float16"), (.bfloat16, "BFloat16", "bfloat16"),
        (.int64, "Long", "int64"), (.int32, "Int", "int32"), (.int16, "Short", "int16"), (.int8, "Char", "int8"), (.uint8, "Byte", "uint8"),
        (.bool, "Bool", "bool"),
    ]
}
