package import Foundation
import JobEngine

/// Identity of an evaluation: it follows from what is evaluated, so that the same order is the same evaluation.
package struct EvaluationID: UniqueID {
    package let uuid: UUID

    package init(_ uuid: UUID) { self.uuid = uuid }
}

/// Identity of two evaluations set against each other; it follows from theirs.
package struct ComparisonID: UniqueID {
    package let uuid: UUID

    package init(_ uuid: UUID) { self.uuid = uuid }
}
