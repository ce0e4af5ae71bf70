import Anatomy
import JobEngine
import Metrics
import Reports

/// Per-class metrics as a table and under the key names that analysts' scripts read; null where undefined.
enum MetricsPresentation {
    static func table(_ classes: [ClassMetrics]) -> String {
        guard classes.contains(where: { $0.presence != .absent }) else { return "No class is in truth or prediction." }
        return MetricsTable.text(classes, listsAbsent: false)
    }

    static func json(_ classes: [ClassMetrics]) -> JSONValue {
        [
            "classes": .object(classes.map { (key: String($0.label), value: json($0)) }),
            "mean_dice_of_classes_in_truth": JSONValue(classes.meanDiceOfClassesInTruth),
            "mean_dice_of_classes_present": JSONValue(classes.meanDiceOfClassesPresent),
        ]
    }

    private static func json(_ one: ClassMetrics) -> JSONValue {
        [
            "name": JSONValue(one.name), "in_truth": JSONValue(one.inTruth), "in_prediction": JSONValue(one.inPrediction),
            "tp": JSONValue(one.truePositives), "fp": JSONValue(one.falsePositives), "fn": JSONValue(one.falseNegatives),
            "tn": JSONValue(one.trueNegatives), "dice": JSONValue(one.dice), "iou": JSONValue(one.iou), "accuracy": JSONValue(one.accuracy),
            "precision": JSONValue(one.precision), "sensitivity": JSONValue(one.sensitivity), "specificity": JSONValue(one.specificity),
            "truth_ml": JSONValue(one.truthVolumeInMillilitres), "predicted_ml": JSONValue(one.predictedVolumeInMillilitres),
        ]
    }
}

extension ClassMetrics {
    /// Metrics as they were stored, not computed again: an analyst's query and this show the same figures.
    init(_ stored: ClassMeasurement) {
        let counts = ConfusionCounts(
            truePositives: stored.truePositives, falsePositives: stored.falsePositives, falseNegatives: stored.falseNegatives,
            trueNegatives: stored.trueNegatives)
        let value = UInt8(clamping: stored.classValue)
        let colour = LabelSet.spine25.colour(of: value) ?? Colour(red: 255, green: 255, blue: 255)
        self.init(label: Label(value: value, name: stored.className, colour: colour), counts: counts, voxelVolumeInCubicMillimetres: 0)
        dice = stored.dice
        iou = stored.iou
        sensitivity = stored.sensitivity
        specificity = stored.specificity
        precision = stored.precision
        accuracy = stored.accuracy
        truthVolumeInMillilitres = stored.truthVolumeInMillilitres
        predictedVolumeInMillilitres = stored.predictedVolumeInMillilitres
    }
}
