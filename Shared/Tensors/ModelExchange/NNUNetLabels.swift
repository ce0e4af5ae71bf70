import Anatomy

/// The labels of a data set of nnU-Net, recognised as one of Columna's label sets where they are the same bones under
/// whatever prefix and order.
struct NNUNetLabels {
    /// Class by class, `background` first, in the order the model will have them.
    let names: [String]
    /// Columna's name of the set; nil if it is another.
    let labelSet: String?
    /// For every class the class of nnU-Net it was; nil where nothing moves.
    let order: [Int]?
    /// The label of each class, where several classes are parts of one label; nil where every class is a label.
    let classLabels: [Int]?

    /// - Parameter labels: the names of the values 0, 1, 2 …
    init(_ labels: [String]) {
        let bones = labels.map(Self.bone)
        for set in LabelSet.all where set.channels == labels.count {
            let wanted = ["background"] + set.labels.map(\.name)
            let order = wanted.compactMap { bones.firstIndex(of: $0) }
            // Channel 0 stays: it is background whatever it is called.
            guard order.count == wanted.count, order[0] == 0 else { continue }
            let isSame = order == Array(order.indices)
            self.init(names: order.map { labels[$0] }, labelSet: set.name, order: isSame ? nil : order)
            return
        }
        for set in LabelSet.all {
            // Channel 0 is background whatever it is called.
            let values = [0] + bones.dropFirst().compactMap { set.value(ofBone: $0).map(Int.init) }
            guard values.count == labels.count, Set(values) == Set(0..<set.channels),
                values.dropFirst().allSatisfy({ $0 > 0 })
            else { continue }
            self.init(names: labels, labelSet: set.name, classLabels: values)
            return
        }
        self.init(names: labels, labelSet: nil)
    }

    private init(names: [String], labelSet: String?, order: [Int]? = nil, classLabels: [Int]? = nil) {
        self.names = names
        self.labelSet = labelSet
        self.order = order
        self.classLabels = classLabels
    }

    /// As label sets have it, `S1` and `background` besides; other labels as they are.
    private static func bone(_ label: String) -> String {
        if let vertebra = VertebraName(label) { return vertebra.name }
        let words = label.lowercased().split { "_- ".contains($0) }
        if words == ["background"] { return "background" }
        return words.last == "s1" && words.dropLast().allSatisfy { ["vertebra", "vertebrae"].contains($0) }
            ? "S1" : label
    }
}
