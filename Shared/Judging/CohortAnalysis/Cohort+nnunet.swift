import Foundation
import Metrics

/// nnU-Net's `summary.json` (nnunetv2/evaluation/evaluate_predictions.py).
extension Cohort {
    /// One figure of a class in one case or over cases; NaN where it is undefined.
    private typealias Figures = [(name: String, value: Double)]

    /// The file's text: keys in order, undefined figures as bare `NaN`, as Python writes and reads them.
    ///
    /// Dice and IoU are counted anew: they are undefined where truth and prediction lack the class, whatever policy the
    /// evaluation had. A class's mean is over the cases that define it, that of the foreground over all classes, so that
    /// one class that no case defines makes it undefined.
    /// - Parameter labels: of the data set, without background.
    package func nnUNetSummary(labels: [UInt8]) -> String {
        let cases = cases.sorted { $0.name < $1.name }
        let measured = cases.map { one in labels.map { label in one.figures(of: label) } }
        let means = labels.indices.map { label in Self.mean(measured.map { $0[label] }, skipsUndefined: true) }
        let keys = labels.map(String.init)
        let perCase = zip(cases, measured).map { one, figures in
            Node.object([
                "metrics": .object(classes(keys, figures, isCount: true)),
                "prediction_file": .text("\(one.name).nii.gz"), "reference_file": .text("\(one.name).nii.gz"),
            ])
        }
        let summary = Node.object([
            "foreground_mean": .object(Self.nodes(Self.mean(means, skipsUndefined: false), isCount: false)),
            "mean": .object(classes(keys, means, isCount: false)), "metric_per_case": .list(perCase),
        ])
        return summary.text()
    }

    private func classes(_ keys: [String], _ figures: [Figures], isCount: Bool) -> [String: Node] {
        Dictionary(zip(keys, figures.map { .object(Self.nodes($0, isCount: isCount)) }), uniquingKeysWith: { $1 })
    }

    private static func nodes(_ figures: Figures, isCount: Bool) -> [String: Node] {
        Dictionary(
            figures.map { name, value in
                (name, isCount && name != "Dice" && name != "IoU" ? .integer(Int(value)) : .number(value))
            }, uniquingKeysWith: { $1 })
    }

    private static func mean(_ rows: [Figures], skipsUndefined: Bool) -> Figures {
        EvaluatedCase.figureNames.enumerated().map { place, name in
            let values = rows.map { $0[place].value }.filter { !skipsUndefined || !$0.isNaN }
            return (name, values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count))
        }
    }

    /// A document as Python's `json.dump(…, indent=4, sort_keys=True)` writes it.
    private indirect enum Node {
        case object([String: Node])
        case list([Node])
        case text(String)
        case integer(Int)
        case number(Double)

        func text(_ margin: String = "") -> String {
            let inner = margin + "    "
            switch self {
            case .object(let members):
                let lines = members.sorted { $0.key < $1.key }.map { "\(inner)\"\($0)\": \($1.text(inner))" }
                return lines.isEmpty ? "{}" : "{\n\(lines.joined(separator: ",\n"))\n\(margin)}"
            case .list(let items):
                let lines = items.map { inner + $0.text(inner) }
                return lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n\(margin)]"
            // Names of cases: letters, digits, dots, dashes.
            case .text(let text): return "\"\(text)\""
            case .integer(let value): return String(value)
            case .number(let value): return value.isNaN ? "NaN" : String(value)
            }
        }
    }
}

extension EvaluatedCase {
    fileprivate static let figureNames = ["Dice", "IoU", "FP", "TP", "FN", "TN", "n_pred", "n_ref"]

    /// In the order of `figureNames`.
    fileprivate func figures(of label: UInt8) -> [(name: String, value: Double)] {
        let one = metrics.classes.first { $0.label == label }
        let (tp, fp) = (Double(one?.truePositives ?? 0), Double(one?.falsePositives ?? 0))
        let (fn, tn) = (Double(one?.falseNegatives ?? 0), Double(one?.trueNegatives ?? 0))
        // 0 / 0 is NaN, as nnU-Net says it.
        let values = [2 * tp / (2 * tp + fp + fn), tp / (tp + fp + fn), fp, tp, fn, tn, tp + fp, tp + fn]
        return Array(zip(Self.figureNames, values))
    }
}
