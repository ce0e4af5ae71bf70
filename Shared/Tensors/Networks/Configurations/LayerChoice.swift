import Faults
import TensorCore

/// A layer as MONAI names it: `"instance"`, or with options `["group", {"num_groups": 4}]`. Names and options are
/// MONAI's and PyTorch's.
struct LayerChoice: Equatable {
    enum Option: Equatable {
        case number(Double)
        case flag(Bool)
    }

    let name: String
    let options: [String: Option]

    init(_ name: String, _ options: [String: Option] = [:]) {
        self.name = name.lowercased()
        self.options = options
    }

    /// `name` or `name:number`, where the number is that of the option `number`.
    init(text: String, number option: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            self.init(text)
            return
        }
        guard let number = Double(parts[1]), number.isFinite else {
            throw TensorError(
                .invalidConfiguration,
                "\(parts[0].prefix(40)) must be followed by a number (\(option)), got \"\(parts[1].prefix(40))\"")
        }
        self.init(String(parts[0]), [option: .number(number)])
    }

    /// Nil where the option is not there.
    /// - Throws: `invalidConfiguration` where it is a flag: it must not be taken for one that is not there.
    func number(_ key: String) throws -> Double? {
        switch options[key] {
        case nil: return nil
        case .number(let number): return number
        case .flag(let flag): throw TensorError(.invalidConfiguration, "\(key) must be a number, got \(flag)")
        }
    }

    func flag(_ key: String) throws -> Bool? {
        switch options[key] {
        case nil: return nil
        case .flag(let flag): return flag
        case .number(let number):
            throw TensorError(.invalidConfiguration, "\(key) must be true or false, got \(number)")
        }
    }

    /// What an option is not known for must not be taken for its default.
    func require(among known: [String], of key: String) throws {
        guard let unknown = options.keys.filter({ !known.contains($0) }).min() else { return }
        throw TensorError(
            .invalidConfiguration,
            "\(key) has the option \"\(unknown.prefix(40))\", expected \(known.joined(separator: ", "))")
    }
}

extension LayerChoice: Codable {
    init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            self.init(name)
            return
        }
        var list = try decoder.unkeyedContainer()
        self.init(try list.decode(String.self), list.isAtEnd ? [:] : try list.decode([String: Option].self))
    }

    func encode(to encoder: any Encoder) throws {
        guard !options.isEmpty else {
            var container = encoder.singleValueContainer()
            return try container.encode(name)
        }
        var list = encoder.unkeyedContainer()
        try list.encode(name)
        try list.encode(options)
    }
}

extension LayerChoice.Option: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else {
            self = .number(try container.decode(Double.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        }
    }
}
