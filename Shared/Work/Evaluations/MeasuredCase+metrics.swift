import Documents
package import Foundation
import JobEngine
package import Metrics
package import Studies

extension MeasuredCase {
    /// Metrics as the rows they are stored in.
    package init(
        _ metrics: CaseMetrics, caseName: String, variant: Variant = .delivered, study: UUID? = nil,
        modelVersion: String? = nil
    ) throws {
        self.init(
            caseName: caseName, variant: variant, study: study, modelVersion: modelVersion,
            optionsJSON: try CanonicalJSON.string(metrics.options),
            summary: CaseSummaryRow(
                accuracy: metrics.accuracy, kappa: metrics.kappa,
                identificationRate: metrics.identification.identificationRate,
                detectionPrecision: metrics.identification.detectionPrecision,
                detectionRecall: metrics.identification.detectionRecall,
                labelShift: metrics.identification.labelShift),
            classes: metrics.classes.map(ClassMeasurement.init),
            distances: metrics.classes.flatMap(DistanceMeasurement.all),
            agreements: metrics.classes.flatMap(AgreementMeasurement.all),
            confusion: metrics.confusion.map {
                ConfusionMeasurement(truthValue: Int($0.truth), predictedValue: Int($0.prediction), voxels: $0.voxels)
            })
    }

    /// The metrics as they were measured: nothing is computed again.
    ///
    /// Options that this version does not know, and classes of evaluations from before there were any, read as the
    /// defaults.
    package func metrics() -> CaseMetrics {
        let distances = Dictionary(grouping: distances, by: \.classValue)
        let agreements = Dictionary(grouping: agreements, by: \.classValue)
        return CaseMetrics(
            classes: classes.map {
                ClassMetrics($0, distances: distances[$0.classValue] ?? [], agreements: agreements[$0.classValue] ?? [])
            },
            identification: Identification(
                identificationRate: summary.identificationRate, detectionPrecision: summary.detectionPrecision,
                detectionRecall: summary.detectionRecall, labelShift: summary.labelShift),
            confusion: confusion.map {
                ConfusionEntry(
                    truth: UInt8(clamping: $0.truthValue), prediction: UInt8(clamping: $0.predictedValue),
                    voxels: $0.voxels)
            },
            accuracy: summary.accuracy ?? .nan, kappa: summary.kappa,
            options: (try? CanonicalJSON.decode(MetricOptions.self, from: optionsJSON)) ?? MetricOptions())
    }
}

extension ClassMeasurement {
    init(_ metrics: ClassMetrics) {
        self.init(
            classValue: Int(metrics.label), className: metrics.name, inTruth: metrics.inTruth,
            inPrediction: metrics.inPrediction,
            truePositives: metrics.truePositives, falsePositives: metrics.falsePositives,
            falseNegatives: metrics.falseNegatives,
            trueNegatives: metrics.trueNegatives, dice: metrics.dice, iou: metrics.iou,
            sensitivity: metrics.sensitivity,
            specificity: metrics.specificity, precision: metrics.precision, accuracy: metrics.accuracy,
            auc: metrics.auc,
            kappa: metrics.kappa, truthVolumeInMillilitres: metrics.truthVolumeInMillilitres,
            predictedVolumeInMillilitres: metrics.predictedVolumeInMillilitres,
            centroidDistanceInMillimetres: metrics.centroidDistanceInMillimetres, touchesBorder: metrics.touchesBorder)
    }
}

extension DistanceMeasurement {
    static func all(of metrics: ClassMetrics) -> [DistanceMeasurement] {
        let surfaces: [(Surface, SurfaceDistances?)] = [(.voxel, metrics.voxelSurface), (.mesh, metrics.meshSurface)]
        return surfaces.flatMap { surface, distances in
            guard let distances else { return [DistanceMeasurement]() }
            return [
                DistanceMeasurement(Int(metrics.label), surface, .truthToPredicted, distances.truthToPredicted),
                DistanceMeasurement(Int(metrics.label), surface, .predictedToTruth, distances.predictedToTruth),
            ]
        }
    }

    private init(_ label: Int, _ surface: Surface, _ direction: Direction, _ distances: DirectedDistances) {
        self.init(
            classValue: label, surface: surface, direction: direction, maximum: distances.maximum,
            percentile95: distances.percentile95,
            mean: distances.mean, rootMeanSquare: distances.rootMeanSquare, points: distances.points)
    }
}

extension AgreementMeasurement {
    static func all(of metrics: ClassMetrics) -> [AgreementMeasurement] {
        metrics.agreement.map {
            AgreementMeasurement(
                classValue: Int(metrics.label), toleranceInMillimetres: $0.toleranceInMillimetres,
                boundaryF1: $0.boundaryF1,
                normalizedSurfaceDice: $0.normalizedSurfaceDice)
        }
    }
}
