/// A metric of one class of one case that can be averaged, compared and shown. The raw value is its name in SQL, JSON
/// and CSV: a column of `analytics.case_metrics`. All else that is said of it anywhere stands in its row.
package enum Metric: String, Sendable, Hashable, Codable, CaseIterable {
    case dice
    case iou
    case accuracy
    case precision
    case sensitivity
    case specificity
    case auc
    case kappa
    case boundaryF1At1_5 = "boundary_f1_1_5mm"
    case boundaryF1At3 = "boundary_f1_3mm"
    case nsdAt1_5 = "nsd_1_5mm"
    case nsdAt3 = "nsd_3mm"
    case hausdorff
    case hausdorff95
    case averageHausdorff = "average_hausdorff"
    case rmsHausdorff = "rms_hausdorff"
    case assd
    case meshHausdorff = "mesh_hausdorff"
    case meshHausdorff95 = "mesh_hausdorff95"
    case meshAverageHausdorff = "mesh_average_hausdorff"
    case meshRMSHausdorff = "mesh_rms_hausdorff"
    case volumeError = "volume_error_percent"
    case centroidDistance = "centroid_distance"

    package var unit: MetricScale.Unit { row.scale.unit }

    /// Ratios are best at 1, distances and errors at 0.
    package var isBetterWhenHigher: Bool { row.scale.direction == .higher }

    /// Errors to both sides of 0: the mean says which side, and no difference of means is better.
    package var isSigned: Bool { row.scale.direction == .nearerToZero }
}

extension ClassMetrics {
    /// The value of a metric; nil where it is undefined or was not measured.
    package subscript(metric: Metric) -> Double? { metric.row.value(self) }
}

extension Metric {
    /// The one table of metrics. A new metric is computed (`ClassMetrics`, with the name of its column if it is
    /// stored), gets a name and a row here, and a column (`Migrations/views/case_metrics.sql`).
    package var row: MetricRow {
        let boundaryF1 =
            "2PR/(P+R) of boundary voxels that have a boundary voxel of the other map within the tolerance (Csurka et al. 2013)"
        let surfaceDice =
            "share of both surfaces' area that lies within the tolerance of the other surface (Nikolov et al. 2018)"
        let mesh = ", between marching-cubes surfaces: vertices to the nearest point of the other's triangles"
        return switch self {
        case .dice: MetricRow("Dice", .overlap, "2·TP / (2·TP + FP + FN)") { $0.dice }
        case .iou: MetricRow("IoU", .overlap, "TP / (TP + FP + FN), the Jaccard index", worst: 0.33) { $0.iou }
        case .accuracy:
            MetricRow(
                "accuracy", .overlap, "(TP + TN) / all voxels; near 1 for every small class, so it says little",
                digits: 5, worst: 0.99
            ) { $0.accuracy }
        case .precision: MetricRow("precision", .overlap, "TP / (TP + FP)") { $0.precision }
        case .sensitivity: MetricRow("sensitivity", .overlap, "TP / (TP + FN), the recall") { $0.sensitivity }
        case .specificity:
            MetricRow(
                "specificity", .overlap, "TN / (TN + FP); near 1 for every small class, so it says little", digits: 5,
                worst: 0.99
            ) { $0.specificity }
        case .auc:
            MetricRow(
                "AUC", .overlap, "area under the ROC curve of one threshold: (sensitivity + specificity) / 2",
                worst: 0.75
            ) { $0.auc }
        case .kappa:
            MetricRow(
                "κ", .overlap, "Cohen's kappa of the class against the rest: agreement beyond chance",
                scale: .beyondChance
            ) { $0.kappa }
        case .boundaryF1At1_5:
            MetricRow("BF1 1.5 mm", .boundary, boundaryF1, condition: ", tolerance 1.5 mm") {
                $0.agreement(at: 1.5)?.boundaryF1
            }
        case .boundaryF1At3:
            MetricRow("BF1 3 mm", .boundary, boundaryF1, condition: ", tolerance 3 mm") {
                $0.agreement(at: 3)?.boundaryF1
            }
        case .nsdAt1_5:
            MetricRow("NSD 1.5 mm", .boundary, surfaceDice, condition: ", tolerance 1.5 mm") {
                $0.agreement(at: 1.5)?.normalizedSurfaceDice
            }
        case .nsdAt3:
            MetricRow("NSD 3 mm", .boundary, surfaceDice, condition: ", tolerance 3 mm") {
                $0.agreement(at: 3)?.normalizedSurfaceDice
            }
        case .hausdorff:
            MetricRow(
                "HD", .voxelSurface, "Hausdorff distance: the larger of both directed maxima between boundary voxels",
                scale: .distance, worst: 20
            ) { $0.voxelSurface?.hausdorff }
        case .hausdorff95:
            MetricRow(
                "HD95", .voxelSurface, "the larger of both directed 95th percentiles between boundary voxels",
                scale: .distance, worst: 10
            ) { $0.voxelSurface?.hausdorff95 }
        case .averageHausdorff:
            MetricRow(
                "AHD", .voxelSurface, "the larger of both directed means between boundary voxels", scale: .distance,
                worst: 3
            ) { $0.voxelSurface?.averageHausdorff }
        case .rmsHausdorff:
            MetricRow(
                "RMS HD", .voxelSurface, "the larger of both directed root mean squares between boundary voxels",
                scale: .distance, worst: 5
            ) { $0.voxelSurface?.rmsHausdorff }
        case .assd:
            MetricRow(
                "ASSD", .voxelSurface,
                "average symmetric surface distance: the mean over the boundary voxels of both maps together",
                scale: .distance, worst: 3
            ) { $0.voxelSurface?.assd }
        case .meshHausdorff:
            MetricRow(
                "mesh HD", .meshSurface, "the larger of both directed maxima", condition: mesh, scale: .distance,
                worst: 20
            ) { $0.meshSurface?.hausdorff }
        case .meshHausdorff95:
            MetricRow(
                "mesh HD95", .meshSurface, "the larger of both directed 95th percentiles", condition: mesh,
                scale: .distance, worst: 10
            ) { $0.meshSurface?.hausdorff95 }
        case .meshAverageHausdorff:
            MetricRow(
                "mesh AHD", .meshSurface, "the larger of both directed means", condition: mesh, scale: .distance,
                worst: 3
            ) { $0.meshSurface?.averageHausdorff }
        case .meshRMSHausdorff:
            MetricRow(
                "mesh RMS HD", .meshSurface, "the larger of both directed root mean squares", condition: mesh,
                scale: .distance, worst: 5
            ) { $0.meshSurface?.rmsHausdorff }
        case .volumeError:
            MetricRow(
                "volume error", .size, "(predicted − true volume) / true volume, signed; coloured by its size",
                scale: .signedError, digits: 1, worst: 30
            ) { $0.volumeErrorInPercent }
        case .centroidDistance:
            MetricRow("centroid", .size, "distance between the centres of mass", scale: .distance, worst: 10) {
                $0.centroidDistanceInMillimetres
            }
        }
    }
}
