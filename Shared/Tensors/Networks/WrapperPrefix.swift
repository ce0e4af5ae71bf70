import Faults
import TensorCore

/// What wrappers of modules put before the name of every parameter: `module.` (DataParallel, averaged models),
/// `_orig_mod.` (compiled ones), `net.` (Lightning), or several of them. Any is taken off, and what lies beside it (a
/// loss's buffers, a count of averaged models) is none of the weights.
package enum WrapperPrefix {
    /// What stands before `anchor`, a parameter that every such network has; nil where it is nowhere.
    /// - Throws: `TensorError.unexpectedTensor` where it stands under several: these are networks beside each other,
    ///   one of which is meant.
    package static func before(_ anchor: String, in names: some Sequence<String>) throws -> String? {
        let found = Set(
            names.lazy.filter { $0 == anchor || $0.hasSuffix("." + anchor) }.map { String($0.dropLast(anchor.count)) })
        guard let shortest = found.min(by: { ($0.utf8.count, $0) < ($1.utf8.count, $1) }) else { return nil }
        // A module within the network may have a parameter of the same name.
        guard found.allSatisfy({ $0.hasPrefix(shortest) }) else {
            let networks = found.sorted().prefix(4).map { $0.prefix(60) }.joined(separator: ", ")
            throw TensorError(
                .unexpectedTensor,
                "there are several networks beside each other, under \(networks): save the weights of one alone")
        }
        return shortest
    }
}

extension NetworkConfiguration {
    /// A parameter that tells where this network's begin.
    package var anchor: String { parameterTable.first { $0.shape.count == 5 }?.name ?? "" }
}
