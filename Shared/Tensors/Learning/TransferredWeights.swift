import Anatomy
import Faults
package import Networks
package import Plans
import TensorCore

/// Weights to begin a training with that another model has learned, its classes carried over by their labels' names.
package struct TransferredWeights: Sendable {
    package let parameters: Parameters
    /// Labels whose rows in the heads are the other model's.
    package let carried: [String]
    /// Labels that the other model does not know: their rows are fresh.
    package let fresh: [String]

    /// - Parameters:
    ///   - plan: of the training.
    ///   - seed: what fresh rows are drawn from.
    /// - Throws: `LearningError.invalidRecipe` where the networks differ in more than their classes, naming the first
    ///   parameter, or where the classes have no names to be compared by.
    package init(from source: Model, to plan: Plan, seed: UInt64) throws {
        guard source.networks.count == 1 else {
            throw LearningError(
                .invalidRecipe,
                "the model to begin with is an ensemble of \(source.networks.count) networks: name one of the versions that it joins"
            )
        }
        let (old, new) = (source.network.parameters, Network(configuration: plan.network, seed: seed).parameters)
        guard old.names == new.names else {
            let stranger = new.names.first { !old.contains($0) } ?? old.names.first { !new.contains($0) } ?? ""
            throw LearningError(
                .invalidRecipe,
                "the model to begin with is another network (only one of the two has \(stranger)): train with its plan, or without it"
            )
        }
        let rows = try Self.rows(from: source.plan, to: plan)
        (carried, fresh) = (rows.carried, rows.fresh)
        parameters = Parameters(
            named: try new.names.map { name in
                let (before, after) = (old[name], new[name])
                if Self.isHead(name) { return (name, Self.merged(after, before, rows.sources)) }
                guard before.shape == after.shape else {
                    throw LearningError(
                        .invalidRecipe,
                        "the model to begin with has \(name) of shape \(before.shape), the plan's network of \(after.shape): train with its plan, or without it"
                    )
                }
                return (name, before)
            })
    }

    /// SegResNet's last convolution, a U-Net's at every resolution: their first axis is the classes.
    private static func isHead(_ name: String) -> Bool {
        name.hasPrefix("conv_final.2.") || name.hasPrefix("decoder.seg_layers.")
    }

    /// The other model's class for each of ours; nil: it has none.
    private static func rows(from old: Plan, to new: Plan) throws -> (
        sources: [Int?], carried: [String], fresh: [String]
    ) {
        if old.labelSet == new.labelSet, old.classLabels == new.classLabels, old.classes == new.classes {
            let names = (1..<new.classes).map { labelName($0, new) ?? "class \($0)" }
            return ((0..<new.classes).map { $0 }, names, [])
        }
        guard let (before, after) = names(old).flatMap({ old in names(new).map { (old, $0) } }) else {
            throw LearningError(
                .invalidRecipe,
                "the classes of the model to begin with (\(old.labelSet), \(old.classes)) and of the plan (\(new.labelSet), \(new.classes)) have no names to be compared by, expected the label sets \(LabelSet.all.map(\.name).joined(separator: ", "))"
            )
        }
        // Several classes of the other may be parts of one label: none of them is all of it.
        let sources = after.map { name in before.count { $0 == name } == 1 ? before.firstIndex(of: name) : nil }
        let foreground = zip(after, sources).dropFirst()
        return (sources, foreground.filter { $0.1 != nil }.map(\.0), foreground.filter { $0.1 == nil }.map(\.0))
    }

    /// Of each class, background first; nil where the label set is not known here.
    private static func names(_ plan: Plan) -> [String]? {
        let names = (0..<plan.classes).compactMap { labelName($0, plan) }
        return names.count == plan.classes ? names : nil
    }

    /// Only class 0 is background by name: another that is written as such is what was to be told from it.
    private static func labelName(_ index: Int, _ plan: Plan) -> String? {
        let label = plan.classLabels?[index] ?? index
        return LabelSet.named(plan.labelSet)?.name(of: UInt8(label)).map { index > 0 && label == 0 ? "unlabelled" : $0 }
    }

    private static func merged(_ fresh: Tensor, _ old: Tensor, _ sources: [Int?]) -> Tensor {
        guard fresh.shape.dropFirst() == old.shape.dropFirst() else { return fresh }
        var merged = fresh
        let row = fresh.count / fresh.shape[0]
        merged.withUnsafeMutableBufferPointer { target in
            old.withUnsafeBufferPointer { old in
                for (index, source) in sources.enumerated() {
                    guard let source else { continue }
                    for offset in 0..<row { target[index * row + offset] = old[source * row + offset] }
                }
            }
        }
        return merged
    }
}
