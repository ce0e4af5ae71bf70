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
