import Anatomy
import Console
import Documents
import JobEngine
import Metrics
import Operations
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

    static func json(_ metrics: CaseMetrics, of pair: LabelMapComparison.Pair) -> JSONValue {
        let found = metrics.identification
        let names = { (label: UInt8) in JSONValue.integer(Int(label)) }
        return .object(
            metrics.classes.members + [
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

    private static func number(_ value: Double?, _ digits: Int = 2) -> String {
        value.map { Wording.ratio($0, digits: digits) } ?? "–"
    }
}
