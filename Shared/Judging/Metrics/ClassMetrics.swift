package import Anatomy
package import Volumes

/// The metrics of one class in one case, as they are stored and shown.
///
/// With the policy `undefined`, every ratio is nil where its denominator is 0, and all of them are nil for a class that
/// is absent from truth and prediction: there, even the defined ones (accuracy and specificity, both 1) would say
/// something that was not tested.
package struct ClassMetrics: Sendable, Hashable, Codable {
    package var label: UInt8
    package var name: String
    package var inTruth: Bool
    package var inPrediction: Bool
    package var truePositives: Int
    package var falsePositives: Int
    package var falseNegatives: Int
    package var trueNegatives: Int
    package var dice: Double?
    /// Intersection over union.
    package var iou: Double?
    package var sensitivity: Double?
    package var specificity: Double?
    package var precision: Double?
    package var accuracy: Double?
    /// Area under the ROC curve of one threshold: (sensitivity + specificity) / 2.
    package var auc: Double?
    /// Cohen's kappa of the class against the rest.
    package var kappa: Double?
    /// Between boundary voxels (those with a face neighbour outside the class); nil where one map lacks the class.
    package var voxelSurface: SurfaceDistances?
    /// Between marching-cubes surfaces: vertices to the nearest point of the other's triangles; nil likewise, or where
    /// not asked for.
    package var meshSurface: SurfaceDistances?
    /// One entry per tolerance of the options.
    package var agreement: [SurfaceAgreement] = []
    /// Between the centres of mass, in mm; nil where one map lacks the class.
    package var centroidDistanceInMillimetres: Double?
    /// Whether the class reaches the volume's edge in the truth, so that it may be cut.
    package var touchesBorder = false
    package var truthVolumeInMillilitres: Double
    package var predictedVolumeInMillilitres: Double

    /// (predicted − truth) / truth · 100; nil without truth.
    package var volumeErrorInPercent: Double? {
        truthVolumeInMillilitres > 0 ? (predictedVolumeInMillilitres / truthVolumeInMillilitres - 1) * 100 : nil
    }

    package var presence: Presence { Presence(inTruth: inTruth, inPrediction: inPrediction) }

    /// Columns of `class_metrics`; surfaces and agreements have tables of their own.
    private enum CodingKeys: String, CodingKey {
        case label = "class_value"
        case name = "class_name"
        case inTruth = "in_truth"
        case inPrediction = "in_prediction"
        case truePositives = "true_positives"
        case falsePositives = "false_positives"
        case falseNegatives = "false_negatives"
        case trueNegatives = "true_negatives"
        case dice, iou, sensitivity, specificity, precision, accuracy, auc, kappa
        case truthVolumeInMillilitres = "truth_volume_ml"
        case predictedVolumeInMillilitres = "predicted_volume_ml"
        case centroidDistanceInMillimetres = "centroid_distance_mm"
        case touchesBorder = "touches_border"
    }

    /// Overlap, agreement and volumes; what depends on surfaces is left out.
    package init(
        label: Label, counts: ConfusionCounts, voxelVolumeInCubicMillimetres volume: Double,
        emptyClasses policy: EmptyClassPolicy = .undefined
    ) {
        self.label = label.value
        name = label.name
        inTruth = counts.inTruth > 0
        inPrediction = counts.inPrediction > 0
        truePositives = counts.truePositives
        falsePositives = counts.falsePositives
        falseNegatives = counts.falseNegatives
        trueNegatives = counts.trueNegatives
        func ratio(_ counted: Double?, isOneWhereAbsent: Bool = false, isOverlap: Bool = false) -> Double? {
            policy.value(counts.presence, isOneWhereAbsent: isOneWhereAbsent, isOverlap: isOverlap, counted: counted)
        }
        dice = ratio(counts.dice, isOneWhereAbsent: true, isOverlap: true)
        iou = ratio(counts.intersectionOverUnion, isOverlap: true)
        sensitivity = ratio(counts.sensitivity)
        specificity = ratio(counts.specificity)
        precision = ratio(counts.precision)
        accuracy = ratio(counts.accuracy)
        auc = ratio(policy == .misEval ? counts.aucWithMissingRatesAsZero : counts.auc, isOneWhereAbsent: true)
        kappa = ratio(counts.kappa)
        truthVolumeInMillilitres = Double(counts.inTruth) * volume / 1000
        predictedVolumeInMillilitres = Double(counts.inPrediction) * volume / 1000
    }
}

extension ClassMetrics {
    /// The metrics of every class of the set, in its order. Throws as `ConfusionMatrix` does.
    package static func all(
        truth: Volume<UInt8>, prediction: Volume<UInt8>, labelSet: LabelSet
    ) throws -> [ClassMetrics] {
        let matrix = try ConfusionMatrix(truth: truth, prediction: prediction, labelSet: labelSet)
        return all(matrix, voxelVolumeInCubicMillimetres: truth.geometry.voxelVolumeInCubicMillimetres)
    }

    /// The same from counts already made.
    package static func all(_ matrix: ConfusionMatrix, voxelVolumeInCubicMillimetres volume: Double) -> [ClassMetrics] {
        matrix.labelSet.labels.map {
            ClassMetrics(label: $0, counts: matrix.counts(of: $0.value), voxelVolumeInCubicMillimetres: volume)
        }
    }
}

extension Sequence<ClassMetrics> {
    /// The mean Dice over the classes the truth has (0 for one the prediction misses); nil if it has none.
    package var meanDiceOfClassesInTruth: Double? { mean { $0.inTruth ? $0.dice : nil } }

    /// The mean Dice over the classes that truth or prediction have; nil if there is none.
    package var meanDiceOfClassesPresent: Double? { mean(\.dice) }

    private func mean(_ value: (ClassMetrics) -> Double?) -> Double? {
        let values = compactMap(value)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

extension ClassMetrics {
    package func agreement(at toleranceInMillimetres: Double) -> SurfaceAgreement? {
        agreement.first { $0.toleranceInMillimetres == toleranceInMillimetres }
    }
}
