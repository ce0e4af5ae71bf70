package import Documents
package import Metrics

/// Under the key names that analysts' scripts read; null where undefined.
extension [ClassMetrics] {
    package var document: JSONValue { .object(members) }

    /// For whoever has more to say of the case.
    package var members: [(key: String, value: JSONValue)] {
        [
            (key: "classes", value: .object(map { (key: String($0.label), value: $0.document) })),
            (key: "mean_dice_of_classes_in_truth", value: JSONValue(meanDiceOfClassesInTruth)),
            (key: "mean_dice_of_classes_present", value: JSONValue(meanDiceOfClassesPresent)),
        ]
    }
}

extension ClassMetrics {
    package var document: JSONValue {
        let counts: [(key: String, value: JSONValue)] = [
            (key: "name", value: JSONValue(name)), (key: "in_truth", value: JSONValue(inTruth)),
            (key: "in_prediction", value: JSONValue(inPrediction)),
            (key: "tp", value: JSONValue(truePositives)),
            (key: "fp", value: JSONValue(falsePositives)), (key: "fn", value: JSONValue(falseNegatives)),
            (key: "tn", value: JSONValue(trueNegatives)),
        ]
        return .object(
            counts + values(.overlap)
                + [(key: "boundary_f1", value: byTolerance(\.boundaryF1))]
                + distances(voxelSurface, .voxelSurface, prefix: "")
                + [
                    (key: "nsd", value: byTolerance(\.normalizedSurfaceDice)),
                    (
                        key: "mesh",
                        value: meshSurface.map { .object(distances($0, .meshSurface, prefix: "mesh_")) } ?? .null
                    ),
                    (key: "truth_ml", value: JSONValue(truthVolumeInMillilitres)),
                    (key: "predicted_ml", value: JSONValue(predictedVolumeInMillilitres)),
                ] + values(.size) + [(key: "touches_border", value: JSONValue(touchesBorder))])
    }

    private func values(_ group: MetricRow.Group) -> [(key: String, value: JSONValue)] {
        Metric.allCases.filter { $0.row.group == group }.map { (key: $0.rawValue, value: JSONValue(self[$0])) }
    }

    /// Keys are millimetres as Swift and Python write them: `1.5`, `3.0`.
    private func byTolerance(_ value: (SurfaceAgreement) -> Double?) -> JSONValue {
        .object(agreement.map { (key: "\($0.toleranceInMillimetres)", value: JSONValue(value($0))) })
    }

    /// In the order that scripts have always seen, directions among them; what the table of metrics has besides follows.
    private func distances(
        _ surface: SurfaceDistances?, _ group: MetricRow.Group, prefix: String
    ) -> [(key: String, value: JSONValue)] {
        let (there, back) = (surface?.truthToPredicted, surface?.predictedToTruth)
        let known = [
            ("hausdorff", surface?.hausdorff), ("hausdorff95", surface?.hausdorff95),
            ("average_truth_to_predicted", there?.mean), ("average_predicted_to_truth", back?.mean),
            ("assd", surface?.assd), ("average_hausdorff", surface?.averageHausdorff),
            ("rms_hausdorff", surface?.rmsHausdorff),
            ("rms_truth_to_predicted", there?.rootMeanSquare), ("rms_predicted_to_truth", back?.rootMeanSquare),
            ("maximum_truth_to_predicted", there?.maximum), ("maximum_predicted_to_truth", back?.maximum),
            ("percentile95_truth_to_predicted", there?.percentile95),
            ("percentile95_predicted_to_truth", back?.percentile95),
        ].map { (key: $0.0, value: JSONValue($0.1)) }
        let others = values(group).map { (key: String($0.key.dropFirst(prefix.count)), value: $0.value) }
        return known + others.filter { other in !known.contains { $0.key == other.key } }
    }
}
