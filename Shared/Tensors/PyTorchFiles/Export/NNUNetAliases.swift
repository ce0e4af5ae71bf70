import Foundation

/// The further names under which nnU-Net's modules know their parameters; a checkpoint has all of them, and a strict
/// loader wants them.
enum NNUNetAliases {
    /// Every name, with the position of its parameter among `canonical`.
    static func names(of canonical: [String]) -> [(name: String, storage: Int)] {
        let encoder = canonical.indices.filter { canonical[$0].hasPrefix("encoder.") }
        let own = canonical.indices.flatMap { index in modules(canonical[index]).map { (name: $0, storage: index) } }
        // The decoder holds the encoder.
        return own
            + encoder.flatMap { index in modules(canonical[index]).map { (name: "decoder." + $0, storage: index) } }
    }

    /// Convolution and norm of a unit are also members of its sequence.
    private static func modules(_ name: String) -> [String] {
        for (own, alias) in [(".conv.", ".all_modules.0."), (".norm.", ".all_modules.1.")] {
            guard let place = name.range(of: own, options: .backwards) else { continue }
            return [name, name.replacingCharacters(in: place, with: alias)]
        }
        return [name]
    }
}
