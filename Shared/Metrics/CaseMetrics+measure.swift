package import Anatomy
package import Volumes

extension CaseMetrics {
    package static func measure(
        truth: Volume<UInt8>, prediction: Volume<UInt8>, labelSet: LabelSet, options: MetricOptions = MetricOptions()
    ) throws -> CaseMetrics {
        let matrix = try ConfusionMatrix(truth: truth, prediction: prediction, labelSet: labelSet)
        return CaseMetrics(
            classes: ClassMetrics.all(matrix, voxelVolumeInCubicMillimetres: truth.geometry.voxelVolumeInCubicMillimetres),
            identification: Identification(identificationRate: nil, detectionPrecision: nil, detectionRecall: nil, labelShift: nil),
            confusion: [], accuracy: matrix.accuracy, kappa: matrix.kappa, options: options)
    }
}
