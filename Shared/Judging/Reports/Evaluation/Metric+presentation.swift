import Metrics

/// How a metric is called, explained and coloured.
struct MetricPresentation {
    enum Group: String, CaseIterable {
        case overlap = "Overlap"
        case boundary = "Boundary agreement"
        case voxelSurface = "Surface distance, boundary voxels"
        case meshSurface = "Surface distance, marching-cubes surfaces"
        case size = "Size and place"
    }

    var title: String
    var group: Group
    /// After the point.
    var digits: Int
    /// The value shown in the deepest blue and the one from which on the deepest red is shown.
    var best: Double
    var worst: Double
    var definition: String
}

extension Metric {
    /// Those a reader sees first, and on paper.
    static let leading: [Metric] = [.dice, .nsdAt1_5, .hausdorff95, .assd]
    /// Those whose distributions are drawn.
    static let drawn: [Metric] = [
        .dice, .iou, .nsdAt1_5, .boundaryF1At1_5, .hausdorff95, .assd, .meshRMSHausdorff, .volumeError,
        .centroidDistance,
    ]

    /// Errors to both sides of 0: the mean says which side, and no difference of means is better.
    var isSigned: Bool { self == .volumeError }

    var unitText: String { unit == .ratio ? "0–1" : unit.rawValue }

    /// `Dice`, or `ASSD (mm)`.
    var titleWithUnit: String { unit == .ratio ? presentation.title : "\(presentation.title) (\(unit.rawValue))" }

    var betterText: String { isSigned ? "nearer to 0" : isBetterWhenHigher ? "higher" : "lower" }

    var presentation: MetricPresentation {
        func overlap(_ title: String, digits: Int = 3, worst: Double = 0.5, _ definition: String) -> MetricPresentation
        {
            MetricPresentation(
                title: title, group: .overlap, digits: digits, best: 1, worst: worst, definition: definition)
        }
        func boundary(_ title: String, _ definition: String) -> MetricPresentation {
            MetricPresentation(title: title, group: .boundary, digits: 3, best: 1, worst: 0.5, definition: definition)
        }
        func distance(_ title: String, _ group: MetricPresentation.Group, worst: Double, _ definition: String)
            -> MetricPresentation
        {
            MetricPresentation(title: title, group: group, digits: 2, best: 0, worst: worst, definition: definition)
        }
        let boundaryF1 =
            "2PR/(P+R) of boundary voxels that have a boundary voxel of the other map within the tolerance (Csurka et al. 2013)"
        let surfaceDice =
            "share of both surfaces' area that lies within the tolerance of the other surface (Nikolov et al. 2018)"
        let mesh = ", between marching-cubes surfaces: vertices to the nearest point of the other's triangles"
        switch self {
        case .dice: return overlap("Dice", "2·TP / (2·TP + FP + FN)")
        case .iou: return overlap("IoU", worst: 0.33, "TP / (TP + FP + FN), the Jaccard index")
        case .accuracy:
            return overlap(
                "Accuracy", digits: 5, worst: 0.99,
                "(TP + TN) / all voxels; near 1 for every small class, so it says little")
        case .precision: return overlap("Precision", "TP / (TP + FP)")
        case .sensitivity: return overlap("Sensitivity", "TP / (TP + FN), the recall")
        case .specificity:
            return overlap(
                "Specificity", digits: 5, worst: 0.99, "TN / (TN + FP); near 1 for every small class, so it says little"
            )
        case .auc:
            return overlap(
                "AUC", worst: 0.75, "area under the ROC curve of one threshold: (sensitivity + specificity) / 2")
        case .kappa: return overlap("κ", "Cohen's kappa of the class against the rest: agreement beyond chance")
        case .boundaryF1At1_5: return boundary("BF1 1.5 mm", boundaryF1 + ", tolerance 1.5 mm")
        case .boundaryF1At3: return boundary("BF1 3 mm", boundaryF1 + ", tolerance 3 mm")
        case .nsdAt1_5: return boundary("NSD 1.5 mm", surfaceDice + ", tolerance 1.5 mm")
        case .nsdAt3: return boundary("NSD 3 mm", surfaceDice + ", tolerance 3 mm")
        case .hausdorff:
            return distance(
                "HD", .voxelSurface, worst: 20,
                "Hausdorff distance: the larger of both directed maxima between boundary voxels")
        case .hausdorff95:
            return distance(
                "HD95", .voxelSurface, worst: 10, "the larger of both directed 95th percentiles between boundary voxels"
            )
        case .averageHausdorff:
            return distance("AHD", .voxelSurface, worst: 3, "the larger of both directed means between boundary voxels")
        case .rmsHausdorff:
            return distance(
                "RMS HD", .voxelSurface, worst: 5,
                "the larger of both directed root mean squares between boundary voxels")
        case .assd:
            return distance(
                "ASSD", .voxelSurface, worst: 3,
                "average symmetric surface distance: the mean over the boundary voxels of both maps together")
        case .meshHausdorff:
            return distance("Mesh HD", .meshSurface, worst: 20, "the larger of both directed maxima" + mesh)
        case .meshHausdorff95:
            return distance("Mesh HD95", .meshSurface, worst: 10, "the larger of both directed 95th percentiles" + mesh)
        case .meshAverageHausdorff:
            return distance("Mesh AHD", .meshSurface, worst: 3, "the larger of both directed means" + mesh)
        case .meshRMSHausdorff:
            return distance(
                "Mesh RMS HD", .meshSurface, worst: 5, "the larger of both directed root mean squares" + mesh)
        case .volumeError:
            return MetricPresentation(
                title: "Volume error", group: .size, digits: 1, best: 0, worst: 30,
                definition: "(predicted − true volume) / true volume, signed; coloured by its size")
        case .centroidDistance: return distance("Centroid", .size, worst: 10, "distance between the centres of mass")
        }
    }
}
