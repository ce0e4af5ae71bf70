import Anatomy
import Foundation
import Metrics
import Testing
import Volumes

@Suite struct GoldenMetricsTests {
    private func measured(_ name: String, _ affine: Affine? = nil, _ options: MetricOptions = MetricOptions()) throws
        -> CaseMetrics
    {
        let affine = try affine ?? Affine(spacingInMillimetres: GoldenMetrics.pair(name).spacing_ijk_mm)
        return try CaseMetrics.measure(
            truth: GoldenMetrics.volume("truth", affine), prediction: GoldenMetrics.volume(name, affine),
            labelSet: .spine25, options: options)
    }

    private func check(_ own: Double?, _ golden: Double?, within tolerance: Double, _ what: String) {
        #expect((own == nil) == (golden == nil), "\(what): \(own as Any) for \(golden as Any)")
        #expect(abs((own ?? 0) - (golden ?? 0)) <= tolerance, "\(what): \(own as Any) for \(golden as Any)")
    }

    @Test(arguments: GoldenMetrics.names) func countsAndRatiosAreTheGoldenOnes(_ name: String) throws {
        let (pair, found) = (try GoldenMetrics.pair(name), try measured(name))
        #expect(pair.classes.count == 25 && found.classes.count == 25)
        for one in found.classes {
            let expected = try #require(pair.classes[String(one.label)])
            #expect(one.presence == Presence(inTruth: expected.in_truth, inPrediction: expected.in_prediction))
            let counts: [String: Int] = [
                "tp": one.truePositives, "fp": one.falsePositives, "fn": one.falseNegatives, "tn": one.trueNegatives,
            ]
            for (name, count) in counts { #expect(Double(count) == expected.overlap[name]?.value) }
            guard one.presence != .absent else { continue }
            for (name, value) in ratios(one) {
                check(value, expected.overlap[name]?.value, within: 1e-9, "\(name) of class \(one.label)")
            }
        }
        check(found.classes.meanDiceOfClassesInTruth, pair.mean_dice_over_classes_in_truth, within: 1e-9, "mean Dice")
        check(
            found.classes.meanDiceOfClassesPresent, pair.mean_dice_over_classes_in_truth_or_prediction, within: 1e-9,
            "mean Dice")
        check(found.accuracy, pair.voxel_accuracy_all_labels, within: 1e-9, "accuracy")
        check(found.kappa, pair.kappa_all_labels, within: 1e-9, "kappa")
    }

    @Test(arguments: GoldenMetrics.names) func misEvalsPolicyGivesItsValues(_ name: String) throws {
        let pair = try GoldenMetrics.pair(name)
        for one in try measured(name, nil, MetricOptions(emptyClasses: .misEval, measuresMeshes: false)).classes {
            let expected = try #require(pair.classes[String(one.label)]).miseval
            for (name, value) in ratios(one) {
                check(value, expected[name]?.value, within: 1e-9, "\(name) of class \(one.label)")
            }
        }
    }

    private func ratios(_ one: ClassMetrics) -> [(String, Double?)] {
        [
            ("dice", one.dice), ("iou", one.iou), ("accuracy", one.accuracy), ("precision", one.precision),
            ("sensitivity", one.sensitivity),
            ("specificity", one.specificity), ("auc", one.auc), ("kappa", one.kappa),
        ]
    }

    @Test(arguments: GoldenMetrics.names) func distancesAndAgreementAreTheGoldenOnes(_ name: String) throws {
        try checkSurfaces(try measured(name), try GoldenMetrics.pair(name))
    }

    /// Distances do not depend on how the patient lies in the scanner; the affine of an oblique grid has spacings with
    /// rounding.
    @Test func distancesAreTheSameOnAnObliqueGrid() throws {
        let pair = try GoldenMetrics.pair("extra_class")
        let (a, b, s) = (0.3, -0.7, pair.spacing_ijk_mm)
        let (u, v) = (SIMD3(cos(a), sin(a), 0), SIMD3(-sin(a) * cos(b), cos(a) * cos(b), sin(b)))
        let w = SIMD3(sin(a) * sin(b), -cos(a) * sin(b), cos(b))
        let affine = Affine(columns: [-u * s[0], v * s[1], w * s[2]], origin: [812, -40, 33])
        try checkSurfaces(try measured("extra_class", affine), pair)
    }

    private func checkSurfaces(_ found: CaseMetrics, _ pair: GoldenMetrics.Pair) throws {
        for one in found.classes {
            let expected = try #require(pair.classes[String(one.label)])
            let (golden, own, what) = (expected.boundary_voxels, one.voxelSurface, "class \(one.label)")
            check(own?.hausdorff, golden?.hausdorff, within: 1e-4, what)
            check(own?.hausdorff95, golden?.hausdorff95_max_of_directed, within: 1e-4, what)
            check(own?.truthToPredicted.mean, golden?.average_truth_to_predicted, within: 1e-4, what)
            check(own?.predictedToTruth.mean, golden?.average_predicted_to_truth, within: 1e-4, what)
            check(own?.averageHausdorff, golden?.average_max_of_directed, within: 1e-4, what)
            check(own?.assd, golden?.average_pooled, within: 1e-4, what)
            check(
                one.agreement(at: 1.5)?.normalizedSurfaceDice, expected.surface_distance?["nsd_1.5mm"]?.value,
                within: 1e-6, what)
            guard let f1 = golden?.boundary_f1_by_tolerance_mm else { continue }
            check(one.agreement(at: 1.5)?.boundaryF1, f1["1.5"]?.f1, within: 1e-6, what)
            check(one.agreement(at: 3)?.boundaryF1, f1["3.0"]?.f1, within: 1e-6, what)
        }
    }
}
