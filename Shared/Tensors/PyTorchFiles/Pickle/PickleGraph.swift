/// What a pickle holds.
package struct PickleGraph: Sendable {
    var sequences: [[PickleValue]] = []
    /// In the order of insertion; of equal keys the last counts.
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var tensors: [TensorReference] = []
    /// NumPy arrays as sequences of numbers, in as many levels as they have axes; `opaque` for large ones.
    var arrays: [PickleValue] = []
    package var root = PickleValue.none

    /// A dictionary's value under a text; nil where there is none, or no dictionary.
    package func value(_ key: String, of dictionary: PickleValue) -> PickleValue? {
        guard case .dictionary(let index) = dictionary else { return nil }
        return dictionaries[index].last { if case .text(key) = $0.key { true } else { false } }.map {
            resolved($0.value)
        }
    }

    /// An array's numbers; any other value as it is.
    func resolved(_ value: PickleValue) -> PickleValue {
        if case .array(let index) = value { arrays[index] } else { value }
    }

    package func value(_ path: [String], of root: PickleValue) -> PickleValue? {
        path.reduce(root) { found, key in found.flatMap { value(key, of: $0) } }
    }

    package func text(_ value: PickleValue?) -> String? {
        if case .text(let text) = value { text } else { nil }
    }

    /// A tuple's, list's or array's whole numbers; nil where it holds something else.
    package func integers(_ value: PickleValue?) -> [Int]? {
        guard let value, case .sequence(let index) = resolved(value) else { return nil }
        var result: [Int] = []
        for case .integer(let number) in sequences[index] { result.append(number) }
        return result.count == sequences[index].count ? result : nil
    }
}
