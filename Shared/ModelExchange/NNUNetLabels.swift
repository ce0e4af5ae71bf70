import Anatomy

/// The labels of a data set of nnU-Net, recognised as one of Columna's label sets where they are the same bones under whatever prefix and order.
struct NNUNetLabels {
    /// Class by class, `background` first, in the order the model will have them.
    let names: [String]
    /// Columna's name of the set; nil if it is another.
    let labelSet: String?
    /// For every class the class of nnU-Net it was; nil where nothing moves.
    let order: [Int]?

    private static let prefixes = ["vertebrae_", "vertebra_", "vertebrae ", "vertebra "]

    /// - Parameter labels: the names of the values 0, 1, 2 …
    init(_ labels: [String]) {
        let bones = labels.map(Self.bone)
        for set in LabelSet.all where set.channels == labels.count {
            let wanted = ["background"] + set.labels.map { $0.name.lowercased() }
            let order = wanted.compactMap { bones.firstIndex(of: $0) }
            // Channel 0 stays: it is background whatever it is called.
            guard order.count == wanted.count, order[0] == 0 else { continue }
            let isSame = order == Array(order.indices)
            self.init(names: order.map { labels[$0] }, labelSet: set.name, order: isSame ? nil : order)
            return
        }
        self.init(names: labels, labelSet: nil, order: nil)
    }

    private init(names: [String], labelSet: String?, order: [Int]?) {
        self.names = names
        self.labelSet = labelSet
        self.order = order
    }

    private static func bone(_ label: String) -> String {
        let label = label.lowercased()
        return prefixes.first { label.hasPrefix($0) }.map { String(label.dropFirst($0.count)) } ?? label
    }
}
