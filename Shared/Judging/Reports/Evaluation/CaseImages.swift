import Faults
package import Volumes

/// The volumes of one case that its pictures are made from, all on one grid.
package struct CaseImages: Sendable {
    package var caseName: String
    package var modelName: String
    /// In Hounsfield units.
    package var ct: Volume<Float>
    package var truth: Volume<UInt8>
    package var prediction: Volume<UInt8>

    package init(
        caseName: String, modelName: String, ct: Volume<Float>, truth: Volume<UInt8>, prediction: Volume<UInt8>
    ) {
        self.caseName = caseName
        self.modelName = modelName
        self.ct = ct
        self.truth = truth
        self.prediction = prediction
    }

    /// Throws `gridsDiffer` unless truth and prediction lie on the CT's grid.
    func requireOneGrid() throws {
        for (name, labels) in [("truth", truth), ("prediction", prediction)]
        where !labels.geometry.isSameGrid(as: ct.geometry, toleranceInMillimetres: 0.01) {
            throw ReportError(
                .gridsDiffer, "the \(name) must be on the CT's grid (\(ct.geometry)), got \(labels.geometry)")
        }
    }
}
