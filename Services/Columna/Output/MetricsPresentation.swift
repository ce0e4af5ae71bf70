import Anatomy
import Console
import Documents
import JobEngine
import Metrics
import Reports
import Volumes

/// Metrics as tables and under the key names that analysts' scripts read; null where undefined.
enum MetricsPresentation {
    static func table(_ classes: [ClassMetrics]) -> String {
        guard classes.contains(where: { $0.presence != .absent }) else { return "No class is in truth or prediction." }
        return MetricsTable.text(classes, listsAbsent: false)
    }

    /// Overlap, then surfaces, then the case.
    static func table(_ metrics: CaseMetrics) -> String {
        let present = metrics.classes.filter { $0.presence != .absent }
        guard !present.isEmpty else { return table(metrics.classes) }
        var parts = [table(metrics.classes)]
        let tolerance = metrics.options.tolerancesInMillimetres.first
        let within = tolerance.map { " \(Wording.ratio($0, digits: 1)) mm" } ?? ""
        var surfaces = TextTable(
            "class", ">boundary F1\(within)", ">NSD\(within)", ">HD mm", ">HD95 mm", ">average mm", ">RMS mm",
            ">ASSD mm", ">mesh RMS mm",
            ">centroid mm", ">volume error", "")
        for one in present {
            let agreement = tolerance.flatMap(one.agreement(at:))
            surfaces.add(
                one.name, number(agreement?.boundaryF1, 4), number(agreement?.normalizedSurfaceDice, 4),
                number(one.voxelSurface?.hausdorff),
                number(one.voxelSurface?.hausdorff95), number(one.voxelSurface?.averageHausdorff),
                number(one.voxelSurface?.rmsHausdorff),
                number(one.voxelSurface?.assd), number(one.meshSurface?.rmsHausdorff),
                number(one.centroidDistanceInMillimetres),
                one.volumeErrorInPercent.map { number($0, 1) + " %" } ?? "–",
                one.touchesBorder ? "reaches the volume's edge" : "")
        }
        parts.append(surfaces.text + "\n")
        let found = metrics.identification
        parts.append(
            """
            identified: \(number(found.identificationRate, 4)), detection precision: \(number(found.detectionPrecision, 4)), \
            recall: \(number(found.detectionRecall, 4))\(found.labelShift.map { "; the whole spine is labelled off by \($0 > 0 ? "+" : "")\($0)" } ?? "")
            all labels: accuracy \(number(metrics.accuracy, 4)), kappa \(number(metrics.kappa, 4))
            """)
        return parts.joined(separator: "\n")
    }

    static func json(_ classes: [ClassMetrics]) -> JSONValue {
        .object(members(classes))
    }

    static func json(_ metrics: CaseMetrics, of pair: LabelMapComparison.Pair) -> JSONValue {
        let found = metrics.identification
        let names = { (label: UInt8) in JSONValue.integer(Int(label)) }
        return .object(
            members(metrics.classes) + [
                (key: "identification_rate", value: JSONValue(found.identificationRate)),
                (key: "detection_precision", value: JSONValue(found.detectionPrecision)),
                (key: "detection_recall", value: JSONValue(found.detectionRecall)),
                (key: "label_shift", value: JSONValue(found.labelShift)),
                (key: "accuracy", value: JSONValue(metrics.accuracy)),
                (key: "kappa", value: JSONValue(metrics.kappa)),
                (
                    key: "confusion",
                    value: JSONValue(
                        metrics.confusion.map {
                            [
                                "truth": names($0.truth), "prediction": names($0.prediction),
                                "voxels": .integer($0.voxels),
                            ]
                        })
                ),
                (key: "voxels", value: JSONValue(pair.truth.geometry.size.map { .integer($0) })),
                (key: "spacing_mm", value: JSONValue(pair.truth.geometry.spacingInMillimetres.map { .number($0) })),
                (key: "resampled", value: .boolean(pair.isResampled)),
                (key: "remarks", value: JSONValue(pair.remarks.map { .string($0) })),
                (key: "tolerances_mm", value: JSONValue(metrics.options.tolerancesInMillimetres.map { .number($0) })),
                (key: "empty_classes", value: .string(metrics.options.emptyClasses.rawValue)),
            ])
    }

    private static func members(_ classes: [ClassMetrics]) -> [(key: String, value: JSONValue)] {
        [
            (key: "classes", value: .object(classes.map { (key: String($0.label), value: json($0)) })),
            (key: "mean_dice_of_classes_in_truth", value: JSONValue(classes.meanDiceOfClassesInTruth)),
            (key: "mean_dice_of_classes_present", value: JSONValue(classes.meanDiceOfClassesPresent)),
        ]
    }

    private static func json(_ one: ClassMetrics) -> JSONValue {
        let counts: [(key: String, value: JSONValue)] = [
            (key: "name", value: JSONValue(one.name)), (key: "in_truth", value: JSONValue(one.inTruth)),
            (key: "in_prediction", value: JSONValue(one.inPrediction)),
            (key: "tp", value: JSONValue(one.truePositives)),
            (key: "fp", value: JSONValue(one.falsePositives)), (key: "fn", value: JSONValue(one.falseNegatives)),
            (key: "tn", value: JSONValue(one.trueNegatives)),
        ]
        return .object(
            counts + values(one, .overlap)
                + [(key: "boundary_f1", value: byTolerance(one, \.boundaryF1))] + distances(one.voxelSurface)
                + [
                    (key: "nsd", value: byTolerance(one, \.normalizedSurfaceDice)),
                    (key: "mesh", value: one.meshSurface.map { .object(distances($0)) } ?? .null),
                    (key: "truth_ml", value: JSONValue(one.truthVolumeInMillilitres)),
                    (key: "predicted_ml", value: JSONValue(one.predictedVolumeInMillilitres)),
                ] + values(one, .size) + [(key: "touches_border", value: JSONValue(one.touchesBorder))])
    }

    private static func values(_ one: ClassMetrics, _ group: MetricRow.Group) -> [(key: String, value: JSONValue)] {
        Metric.allCases.filter { $0.row.group == group }.map { (key: $0.rawValue, value: JSONValue(one[$0])) }
    }

    /// Keys are millimetres as Swift and Python write them: `1.5`, `3.0`.
    private static func byTolerance(_ one: ClassMetrics, _ value: (SurfaceAgreement) -> Double?) -> JSONValue {
        .object(one.agreement.map { (key: "\($0.toleranceInMillimetres)", value: JSONValue(value($0))) })
    }

    private static func distances(_ surface: SurfaceDistances?) -> [(key: String, value: JSONValue)] {
        let (there, back) = (surface?.truthToPredicted, surface?.predictedToTruth)
        return [
            ("hausdorff", surface?.hausdorff), ("hausdorff95", surface?.hausdorff95),
            ("average_truth_to_predicted", there?.mean), ("average_predicted_to_truth", back?.mean),
            ("assd", surface?.assd), ("average_hausdorff", surface?.averageHausdorff),
            ("rms_hausdorff", surface?.rmsHausdorff),
            ("rms_truth_to_predicted", there?.rootMeanSquare), ("rms_predicted_to_truth", back?.rootMeanSquare),
            ("maximum_truth_to_predicted", there?.maximum), ("maximum_predicted_to_truth", back?.maximum),
            ("percentile95_truth_to_predicted", there?.percentile95),
            ("percentile95_predicted_to_truth", back?.percentile95),
        ].map { (key: $0.0, value: JSONValue($0.1)) }
    }

    private static func number(_ value: Double?, _ digits: Int = 2) -> String {
        value.map { Wording.ratio($0, digits: digits) } ?? "–"
    }
}
