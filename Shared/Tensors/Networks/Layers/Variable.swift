import TensorCore

/// What a layer made: a map as it lies in memory, and in training the gradient by it.
struct Variable {
    let map: FeatureMap
    /// Σ x and Σ x² per channel, where the layer gathered them.
    let sums: ChannelSums?
    let gradient = Gradient()
    /// Makes the map again at little cost, so that it need not be kept for the way back; nil: it is kept.
    let remake: (() -> FeatureMap)?

    init(_ map: FeatureMap, sums: ChannelSums? = nil, remake: (() -> FeatureMap)? = nil) {
        self.map = map
        self.sums = sums
        self.remake = remake
    }
}

/// The gradient by a variable, as far as it has come. Apart from the variable, so that a backward step that needs no
/// values does not keep them.
final class Gradient {
    /// nil before the first part.
    var value: FeatureMap?

    /// Adds a part that a layer hands over: the first is kept as it is, later ones are added to it.
    func add(_ part: FeatureMap, in workspace: Workspace) {
        if let value { TensorCore.add(part, to: value, in: workspace) } else { value = part }
    }

    /// The whole gradient, which nobody else will need.
    func take() -> FeatureMap? {
        defer { value = nil }
        return value
    }
}
