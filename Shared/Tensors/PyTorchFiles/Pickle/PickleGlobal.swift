import Faults
package import TensorCore

/// Everything that a pickle may name. A name is a word here, never looked up in a program: nothing it stands for can
/// run.
package enum PickleGlobal: Sendable, Equatable {
    case dictionaryType
    case sequenceType
    case rebuildTensor
    case rebuildParameter
    /// A tensor of a class of its own, or with attributes.
    case rebuildSubclass
    case storageType(ElementType)
    /// Of numbers that no network here has: complex, quantised, eight-bit floats.
    case otherStorageType
    case elementType(ElementType)
    case encode
    case numpyScalar
    case numpyType
    case numpyArray
    case numpyBuffer
    /// Makes something that is of no use here, such as a device or a path.
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

    /// What `torch.load(weights_only=True)` allows of itself (torch/_weights_only_unpickler.py), and what training
    /// loops keep beside weights.
    private static let known: [String: PickleGlobal] = {
        var table: [String: PickleGlobal] = [
            "collections.OrderedDict": .dictionaryType,
            "collections.Counter": .dictionaryType,
            "collections.defaultdict": .dictionaryType,
            "torch._utils._rebuild_tensor": .rebuildTensor,
            "torch._utils._rebuild_tensor_v2": .rebuildTensor,
            "torch._utils._rebuild_parameter": .rebuildParameter,
            "torch._utils._rebuild_parameter_with_state": .rebuildParameter,
            "torch._utils._rebuild_device_tensor_from_cpu_tensor": .rebuildParameter,
            "torch.nn.parameter.Parameter": .rebuildParameter,
            "torch._tensor._rebuild_from_type_v2": .rebuildSubclass,
            "torch.Size": .sequenceType,
            "_codecs.encode": .encode,
            "numpy.dtype": .numpyType,
            "torch.storage.UntypedStorage": .storageType(.uint8),
        ]
        for module in ["builtins", "__builtin__"] {
            for name in ["set", "frozenset", "list", "tuple"] { table["\(module).\(name)"] = .sequenceType }
            for name in ["bytearray", "bytes", "complex", "int", "float", "str", "bool", "dict"] {
                table["\(module).\(name)"] = .opaqueType
            }
        }
        // NumPy 2 renamed its core, Python 3.13 its paths.
        for module in ["numpy.core", "numpy._core"] {
            table["\(module).multiarray.scalar"] = .numpyScalar
            table["\(module).multiarray._reconstruct"] = .numpyArray
            table["\(module).numeric._frombuffer"] = .numpyBuffer
        }
        for module in ["pathlib", "pathlib._local"] {
            for name in ["Path", "PosixPath", "WindowsPath", "PurePath", "PurePosixPath", "PureWindowsPath"] {
                table["\(module).\(name)"] = .opaqueType
            }
        }
        for (type, storage, name) in elements {
            table["torch.\(storage)Storage"] = .storageType(type)
            table["torch.\(name)"] = .elementType(type)
        }
        for storage in ["ComplexFloat", "ComplexDouble", "QInt8", "QUInt8", "QInt32", "QUInt4x2", "QUInt2x4"] {
            table["torch.\(storage)Storage"] = .otherStorageType
        }
        for name in opaque { table[name] = .opaqueType }
        return table
    }()

    private static let opaque =
        [
            "numpy.ndarray", "torch.device", "torch.Tensor", "torch.nn.parameter.Buffer",
            "torch.serialization._get_layout", "torch.torch_version.TorchVersion",
        ]
        + [
            "_rebuild_tensor_v3", "_rebuild_qtensor", "_rebuild_sparse_tensor", "_rebuild_meta_tensor_no_storage",
            "_rebuild_device_tensor_from_numpy",
        ].map {
            "torch._utils." + $0
        }
        + [
            "complex32", "complex64", "complex128", "quint8", "qint8", "qint32", "quint4x2", "quint2x4", "uint16",
            "uint32", "uint64", "float8_e4m3fn",
            "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "per_tensor_affine", "per_tensor_symmetric",
            "per_channel_affine",
            "per_channel_symmetric", "per_channel_affine_float_qparams",
        ].map { "torch." + $0 }

    private static let elements: [(ElementType, storage: String, name: String)] = [
        (.float32, "Float", "float32"), (.float64, "Double", "float64"), (.float16, "Half", "float16"),
        (.bfloat16, "BFloat16", "bfloat16"),
        (.int64, "Long", "int64"), (.int32, "Int", "int32"), (.int16, "Short", "int16"), (.int8, "Char", "int8"),
        (.uint8, "Byte", "uint8"),
        (.bool, "Bool", "bool"),
    ]
}
