import Faults
package import Volumes

extension MetricsError {
    /// Throws `invalidGrid` or `gridsDiffer`.
    package static func requireComparable(_ truth: Geometry, _ prediction: Geometry) throws {
        for (grid, side) in [(truth, "truth"), (prediction, "prediction")] where !grid.affine.isInvertible {
            throw MetricsError(
                .invalidGrid,
                "the \(side)'s affine must have finite numbers and axes that span space, got spacing \(grid.spacingInMillimetres) mm from "
                    + "\(rows(grid.affine)); correct the file's header")
        }
        guard truth.isSameGrid(as: prediction) else {
            throw MetricsError(
                .gridsDiffer,
                "truth and prediction must be on the same grid, got \(truth) with affine \(rows(truth.affine)) and "
                    + "\(prediction) with affine \(rows(prediction.affine)); resample the prediction's labels onto the truth's grid first"
            )
        }
    }

    /// The three upper rows, to a tenth of a micrometre.
    private static func rows(_ affine: Affine) -> String {
        func number(_ value: Double) -> String {
            let rounded = (value * 1e4).rounded() / 1e4
            return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
        }
        return "["
            + affine.rows.prefix(3).map { "[" + $0.map(number).joined(separator: ", ") + "]" }.joined(separator: ", ")
            + "]"
    }
}
