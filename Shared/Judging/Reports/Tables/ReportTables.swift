import CohortAnalysis
import Metrics
import Statistics

/// The numbers of a report as CSV.
struct ReportTables {
    let content: ReportContent

    /// A line per model, case and class that truth or prediction has; a column per metric.
    func metrics(of model: EvaluatedModel, into table: inout CSVTable) {
        for entry in model.cohort.cases {
            for measured in entry.metrics.classes where measured.presence != .absent {
                let counts = [
                    measured.truePositives, measured.falsePositives, measured.falseNegatives, measured.trueNegatives,
                ]
                table.append(
                    [.text(model.name), .text(entry.name), .integer(Int(measured.label)), .text(measured.name)]
                        + [.flag(measured.inTruth), .flag(measured.inPrediction)]
                        + counts.map { .integer($0) }
                        + [
                            .number(measured.truthVolumeInMillilitres), .number(measured.predictedVolumeInMillilitres),
                            .flag(measured.touchesBorder),
                        ]
                        + Metric.allCases.map { .number(measured[$0]) })
            }
        }
    }

    static let metricsHeader =
        [
            "model", "case", "label", "class", "in_truth", "in_prediction", "tp", "fp", "fn", "tn", "truth_ml",
            "predicted_ml", "touches_border",
        ]
        + Metric.allCases.map(\.rawValue)

    /// A line per model, metric and class; label and class are empty for all classes together.
    var summary: CSVTable {
        var table = CSVTable(header: [
            "model", "metric", "unit", "label", "class", "n", "mean", "sd", "ci95_low", "ci95_high", "bootstrap95_low",
            "bootstrap95_high", "minimum",
            "lower_quartile", "median", "upper_quartile", "maximum",
        ])
        for model in content.report.models {
            for summary in model.summaries {
                let found = summary.description
                let numbers = [
                    found?.mean, found?.standardDeviation, found?.tInterval?.lower, found?.tInterval?.upper,
                    found?.bootstrapInterval?.lower,
                    found?.bootstrapInterval?.upper, found?.minimum, found?.lowerQuartile, found?.median,
                    found?.upperQuartile, found?.maximum,
                ]
                table.append(
                    [.text(model.name)] + key(summary.metric, summary.label) + [.integer(found?.n ?? 0)]
                        + numbers.map { .number($0) })
            }
        }
        return table
    }

    /// A line per pair of models, metric and class.
    var comparison: CSVTable {
        var table = CSVTable(header: [
            "a", "b", "metric", "unit", "label", "class", "n_a", "mean_a", "sd_a", "n_b", "mean_b", "sd_b", "pairs",
            "mean_difference", "ci95_low",
            "ci95_high", "student_t", "student_df", "student_p", "welch_t", "welch_df", "welch_p", "paired_t",
            "paired_df", "paired_p", "paired_p_holm",
            "wilcoxon_w", "wilcoxon_p", "wilcoxon_p_holm", "effect_size_dz",
        ])
        for comparison in content.comparisons {
            for row in comparison.rows {
                let tests = [row.student, row.welch, row.paired].flatMap {
                    [$0?.statistic, $0?.degreesOfFreedom, $0?.p]
                }
                let rest = [row.pairedHolm, row.wilcoxon?.statistic, row.wilcoxon?.p, row.wilcoxonHolm, row.effectSize]
                let numbers = [row.meanDifference, row.interval?.lower, row.interval?.upper] + tests + rest
                table.append(
                    [.text(comparison.a), .text(comparison.b)] + key(row.metric, row.label) + side(row.a) + side(row.b)
                        + [.integer(row.pairs)]
                        + numbers.map { .number($0) })
            }
        }
        return table
    }

    /// A line per model, true and predicted label that met, over all cases; background is label 0.
    var confusion: CSVTable {
        var table = CSVTable(header: [
            "model", "truth_label", "truth_class", "predicted_label", "predicted_class", "voxels",
        ])
        for model in content.report.models {
            var sums: [Int: Int] = [:]
            for entry in model.cohort.cases.flatMap(\.metrics.confusion) {
                sums[Int(entry.truth) << 8 | Int(entry.prediction), default: 0] += entry.voxels
            }
            for (key, voxels) in sums.sorted(by: { $0.key < $1.key }) {
                let labels = [UInt8(key >> 8), UInt8(key & 255)]
                table.append(
                    [.text(model.name)] + labels.flatMap { [.integer(Int($0)), .text(content.name(of: $0))] } + [
                        .integer(voxels)
                    ])
            }
        }
        return table
    }

    private func key(_ metric: Metric, _ label: UInt8?) -> [CSVTable.Field] {
        let known = label.map { [.integer(Int($0)), .text(content.name(of: $0))] as [CSVTable.Field] }
        return [.text(metric.rawValue), .text(metric.unit.rawValue)] + (known ?? [.text(""), .text("")])
    }

    private func side(_ description: Description?) -> [CSVTable.Field] {
        [.integer(description?.n ?? 0), .number(description?.mean), .number(description?.standardDeviation)]
    }
}
