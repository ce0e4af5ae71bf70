/// Of the case as a whole; nil where undefined.
package struct CaseSummaryRow: Sendable, Equatable, Codable {
    package var accuracy: Double?
    package var kappa: Double?
    package var identificationRate: Double?
    package var detectionPrecision: Double?
    package var detectionRecall: Double?
    package var labelShift: Int?

    package init(
        accuracy: Double? = nil, kappa: Double? = nil, identificationRate: Double? = nil,
        detectionPrecision: Double? = nil,
        detectionRecall: Double? = nil, labelShift: Int? = nil
    ) {
        self.accuracy = accuracy
        self.kappa = kappa
        self.identificationRate = identificationRate
        self.detectionPrecision = detectionPrecision
        self.detectionRecall = detectionRecall
        self.labelShift = labelShift
    }

    package enum CodingKeys: String, CodingKey {
        case accuracy, kappa
        case identificationRate = "identification_rate"
        case detectionPrecision = "detection_precision"
        case detectionRecall = "detection_recall"
        case labelShift = "label_shift"
    }
}

/// One class of one evaluated case. Ratios are nil where undefined, never 0 or 1 in their place. The keys are the
/// columns' names.
package struct ClassMeasurement: Sendable, Equatable, Codable {
    package var classValue: Int
    package var className: String
    package var inTruth: Bool
    package var inPrediction: Bool
    package var truePositives: Int
    package var falsePositives: Int
    package var falseNegatives: Int
    package var trueNegatives: Int
    package var dice: Double?
    package var iou: Double?
    package var sensitivity: Double?
    package var specificity: Double?
    package var precision: Double?
    package var accuracy: Double?
    package var auc: Double?
    package var kappa: Double?
    package var truthVolumeInMillilitres: Double
    package var predictedVolumeInMillilitres: Double
    package var centroidDistanceInMillimetres: Double?
    package var touchesBorder: Bool

    package init(
        classValue: Int, className: String, inTruth: Bool, inPrediction: Bool, truePositives: Int, falsePositives: Int,
        falseNegatives: Int, trueNegatives: Int, dice: Double?, iou: Double?, sensitivity: Double?,
        specificity: Double?,
        precision: Double?, accuracy: Double?, auc: Double? = nil, kappa: Double? = nil,
        truthVolumeInMillilitres: Double,
        predictedVolumeInMillilitres: Double, centroidDistanceInMillimetres: Double? = nil, touchesBorder: Bool = false
    ) {
        self.classValue = classValue
        self.className = className
        self.inTruth = inTruth
        self.inPrediction = inPrediction
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.falseNegatives = falseNegatives
        self.trueNegatives = trueNegatives
        self.dice = dice
        self.iou = iou
        self.sensitivity = sensitivity
        self.specificity = specificity
        self.precision = precision
        self.accuracy = accuracy
        self.auc = auc
        self.kappa = kappa
        self.truthVolumeInMillilitres = truthVolumeInMillilitres
        self.predictedVolumeInMillilitres = predictedVolumeInMillilitres
        self.centroidDistanceInMillimetres = centroidDistanceInMillimetres
        self.touchesBorder = touchesBorder
    }

    package enum CodingKeys: String, CodingKey {
        case classValue = "class_value"
        case className = "class_name"
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
}

/// Distances in millimetres from one surface of a class to the other.
package struct DistanceMeasurement: Sendable, Equatable, Codable {
    package enum Surface: String, Sendable, Codable { case voxel, mesh }
    package enum Direction: String, Sendable, Codable {
        case truthToPredicted = "truth-to-predicted"
        case predictedToTruth = "predicted-to-truth"
    }

    package var classValue: Int
    package var surface: Surface
    package var direction: Direction
    package var maximum: Double
    package var percentile95: Double
    package var mean: Double
    package var rootMeanSquare: Double
    package var points: Int

    package init(
        classValue: Int, surface: Surface, direction: Direction, maximum: Double, percentile95: Double, mean: Double,
        rootMeanSquare: Double, points: Int
    ) {
        self.classValue = classValue
        self.surface = surface
        self.direction = direction
        self.maximum = maximum
        self.percentile95 = percentile95
        self.mean = mean
        self.rootMeanSquare = rootMeanSquare
        self.points = points
    }

    package enum CodingKeys: String, CodingKey {
        case classValue = "class_value"
        case surface, direction, maximum, percentile95, mean, points
        case rootMeanSquare = "root_mean_square"
    }
}

/// How much of two surfaces of a class lies within a tolerance of each other.
package struct AgreementMeasurement: Sendable, Equatable, Codable {
    package var classValue: Int
    package var toleranceInMillimetres: Double
    package var boundaryF1: Double?
    package var normalizedSurfaceDice: Double?

    package init(classValue: Int, toleranceInMillimetres: Double, boundaryF1: Double?, normalizedSurfaceDice: Double?) {
        self.classValue = classValue
        self.toleranceInMillimetres = toleranceInMillimetres
        self.boundaryF1 = boundaryF1
        self.normalizedSurfaceDice = normalizedSurfaceDice
    }

    package enum CodingKeys: String, CodingKey {
        case classValue = "class_value"
        case toleranceInMillimetres = "tolerance_mm"
        case boundaryF1 = "boundary_f1"
        case normalizedSurfaceDice = "normalized_surface_dice"
    }
}

/// How many voxels the truth calls one label and the prediction another (or the same).
package struct ConfusionMeasurement: Sendable, Equatable, Codable {
    package var truthValue: Int
    package var predictedValue: Int
    package var voxels: Int

    package init(truthValue: Int, predictedValue: Int, voxels: Int) {
        self.truthValue = truthValue
        self.predictedValue = predictedValue
        self.voxels = voxels
    }

    package enum CodingKeys: String, CodingKey {
        case truthValue = "truth_value"
        case predictedValue = "predicted_value"
        case voxels
    }
}
