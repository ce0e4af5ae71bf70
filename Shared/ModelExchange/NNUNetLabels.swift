import Anatomy
import Foundation

/// The labels of a data set of nnU-Net, recognised as one of Columna's label sets where they are the same bones under whatever prefix and order.
struct NNUNetLabels {
    /// Class by class, `background` first, in the order the model will have them.
    let names: [String]
    /// Columna's name of the set; nil if it is another.
    let labelSet: String?
    /// For every class the class of nnU-Net it was; nil where nothing moves.
    let order: [Int]?
    /// The label of each class, where several classes are parts of one label; nil where every class is a label.
    let classLabels: [Int]?

    private static let prefixes = ["vertebrae_", "vertebra_"]

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
        for set in LabelSet.all {
            // As every numbering that tells S1 from the sacrum is read here. Channel 0 is background whatever it is called.
            let values = [0] + bones.dropFirst().compactMap { set.value(of: $0 == "s1" ? "sacrum" : $0).map(Int.init) }
            guard values.count == labels.count, Set(values) == Set(0..<set.channels), values.dropFirst().allSatisfy({ $0 > 0 }) else { continue }
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

    private static func bone(_ label: String) -> String {
        let label = label.lowercased().replacingOccurrences(of: "-", with: "_").replacingOccurrences(of: " ", with: "_")
        return prefixes.first { label.hasPrefix($0) }.map { String(label.dropFirst($0.count)) } ?? label
    }
}
