import Anatomy
import JobEngine
import Metrics
import Studies

extension ClassMetrics {
    /// As they were stored, not computed again.
    init(_ stored: ClassMeasurement, distances: [DistanceMeasurement], agreements: [AgreementMeasurement]) {
        let counts = ConfusionCounts(
            truePositives: stored.truePositives, falsePositives: stored.falsePositives,
            falseNegatives: stored.falseNegatives,
            trueNegatives: stored.trueNegatives)
        let value = UInt8(clamping: stored.classValue)
        self.init(
            label: Label(value: value, name: stored.className, colour: Colour(red: 255, green: 255, blue: 255)),
            counts: counts, voxelVolumeInCubicMillimetres: 0)
        dice = stored.dice
        iou = stored.iou
        sensitivity = stored.sensitivity
        specificity = stored.specificity
        precision = stored.precision
        accuracy = stored.accuracy
        auc = stored.auc
        kappa = stored.kappa
        voxelSurface = SurfaceDistances(distances, on: .voxel)
        meshSurface = SurfaceDistances(distances, on: .mesh)
        agreement = agreements.map {
            SurfaceAgreement(
                toleranceInMillimetres: $0.toleranceInMillimetres, boundaryF1: $0.boundaryF1,
                normalizedSurfaceDice: $0.normalizedSurfaceDice)
        }
        centroidDistanceInMillimetres = stored.centroidDistanceInMillimetres
        touchesBorder = stored.touchesBorder
        truthVolumeInMillilitres = stored.truthVolumeInMillilitres
        predictedVolumeInMillilitres = stored.predictedVolumeInMillilitres
    }
}

extension SurfaceDistances {
    fileprivate init?(_ rows: [DistanceMeasurement], on surface: DistanceMeasurement.Surface) {
        func directed(_ direction: DistanceMeasurement.Direction) -> DirectedDistances? {
            rows.first { $0.surface == surface && $0.direction == direction }.map {
                DirectedDistances(
                    maximum: $0.maximum, percentile95: $0.percentile95, mean: $0.mean,
                    rootMeanSquare: $0.rootMeanSquare, points: $0.points)
            }
        }
        guard let there = directed(.truthToPredicted), let back = directed(.predictedToTruth) else { return nil }
        self.init(truthToPredicted: there, predictedToTruth: back)
    }
}
