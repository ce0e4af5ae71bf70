package import Faults

/// What can go wrong when a network is planned for a data set.
package typealias PlanningError = CodedFault<PlanningErrorCode>

package enum PlanningErrorCode: String, FaultCode {
    /// The fingerprint has no case, or figures that no data set has.
    case unusableFingerprint = "unusable-fingerprint"
    /// A spacing or a memory that no network is planned for.
    case unusableWish = "unusable-wish"
    /// A case's labels do not lie on its image.
    case unusableCase = "unusable-case"

    package var blame: Blame { .input }
}

extension DataSetFingerprint {
    /// - Throws: `PlanningError.unusableFingerprint`.
    package func validate() throws {
        func demand(_ holds: Bool, _ sentence: @autoclosure () -> String) throws {
            guard holds else { throw PlanningError(.unusableFingerprint, "the data set's fingerprint \(sentence())") }
        }
        try demand(!shapes.isEmpty, "has no case, expected one or more")
        try demand(
            shapes.count == spacings.count,
            "has \(shapes.count) shapes and \(spacings.count) spacings, expected as many")
        for (number, shape) in shapes.enumerated() {
            try demand(
                shape.count == 3 && shape.allSatisfy { (1...100_000).contains($0) },
                "gives case \(number) the shape \(shape), expected three numbers of voxels")
            try demand(
                spacings[number].count == 3 && spacings[number].allSatisfy { $0 >= 1e-3 && $0 <= 1000 },
                "gives case \(number) the spacing \(spacings[number]), expected three numbers of mm")
        }
    }
}
