import Foundation
import JobEngine
import Plans
package import Studies

extension Catalog {
    /// Makes sure that a model could learn from labels. A correction that was accepted stays for good and is in every later
    /// round, and a training dies of a label that the network has no class for.
    ///
    /// Asked are the version that made what was corrected and the promoted one, which rounds begin with.
    ///
    /// - Parameter values: of the labelled voxels.
    /// - Throws: `JobFailure` of class `data` and code `labels-outside-model`, naming the values.
    package func requireClasses(for values: [Int], in model: ModelReference) async throws {
        var versions = [try await version(model)]
        if let promoted = try await modelVersion(name: model.name, version: nil),
            promoted.reference != versions[0].reference
        {
            versions.append(promoted)
        }
        for version in versions {
            let plan = try Plan(json: Data(version.planJSON.utf8))
            let labels = plan.classLabels ?? Array(0..<plan.classes)
            let outside = values.filter { !labels.contains($0) }
            guard !outside.isEmpty else { continue }
            throw JobFailure(
                class: .data, code: "labels-outside-model",
                reason:
                    "model \(version.reference) has no class for \(outside.count == 1 ? "label" : "labels") \(outside.map(String.init).joined(separator: ", ")), its label set is \(plan.labelSet) with labels up to \(plan.labelCount - 1), and could never learn from this: submit the correction without them, or import it into a data set of another model with `columna dataset import`"
            )
        }
    }
}
