import Anatomy

/// The classes that a model from elsewhere tells apart, recognised as one of Columna's label sets where they are the same
/// bones under whatever prefix and order, alone or among others.
struct ForeignLabels {
    /// Class by class, `background` first, in the order the model will have them.
    let names: [String]
    /// Columna's name of the set; nil if it is another.
    let labelSet: String?
    /// For every class the class it was in the file; nil where nothing moves.
    let order: [Int]?
    /// The label of each class; nil where every class is a label.
    let classLabels: [Int]?

    /// - Parameters:
    ///   - labels: the names of the outputs 0, 1, 2 …
    ///   - reorders: whether classes may be moved, where each is a label; else they stay, and `classLabels` tells.
    init(_ labels: [String], reorders: Bool = true) {
        let bones = labels.map(Self.bone)
        for set in LabelSet.all where set.channels == labels.count {
            let wanted = ["background"] + set.labels.map(\.name)
            let order = wanted.compactMap { bones.firstIndex(of: $0) }
            // Channel 0 stays: it is background whatever it is called.
            guard order.count == wanted.count, order[0] == 0 else { continue }
            let isSame = order == Array(order.indices)
            guard isSame || reorders else { break }
            self.init(names: order.map { labels[$0] }, labelSet: set.name, order: isSame ? nil : order)
            return
        }
        for set in LabelSet.all {
            // Channel 0 is background whatever it is called, and so is what the set has no name for.
            let values = [0] + bones.dropFirst().map { set.value(ofBone: $0).map(Int.init) ?? 0 }
            guard Set(values) == Set(0..<set.channels) else { continue }
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

    /// The classes that are written as background and are none.
    var unlabelled: [String] {
        guard let classLabels else { return [] }
        return zip(names, classLabels).dropFirst().filter { $0.1 == 0 }.map(\.0)
    }

    /// Whether most of what the network answers is written as background: then a volume's logits would take several times
    /// the memory that those of the labels do.
    var isWorthMerging: Bool { 2 * unlabelled.count > names.count }

    /// Sentences on what became of the classes.
    var remarks: [String] {
        guard let labelSet else { return [] }
        var remarks: [String] = []
        if names.contains(where: { Self.bone($0) == "S1" }) {
            remarks.append(
                "It tells S1 from the rest of the sacrum; label maps have both as sacrum, as \(labelSet) has it.")
        }
        if !unlabelled.isEmpty {
            remarks.append(
                "Of its \(names.count) classes \(unlabelled.count) are none of \(labelSet) (\(unlabelled[0].prefix(40)), …): they are written as background\(isWorthMerging ? ", and merged with it window by window" : "")."
            )
        }
        if order != nil {
            remarks.append("The labels were put in the order of \(labelSet): voxel values differ from the file's.")
        }
        return remarks
    }

    /// Whether two tables of one length call the same outputs the same vertebrae. A table that names no bone says
    /// nothing.
    static func agree(_ one: [String], _ other: [String]) -> Bool {
        let tables = [one, other].map { $0.map { known(bone($0)) } }
        if tables.contains(where: { $0.allSatisfy { $0 == nil } }) { return true }
        return tables[0] == tables[1]
    }

    private static func known(_ bone: String) -> String? {
        bone == "S1" || LabelSet.spine25.value(of: bone).map { $0 > 0 } == true ? bone : nil
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
