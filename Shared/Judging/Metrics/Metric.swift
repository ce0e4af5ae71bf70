/// A metric of one class of one case that can be averaged, compared and shown. The raw value is its name in SQL, JSON
/// and CSV.
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

    package enum Unit: String, Sendable {
        case ratio
        case millimetres = "mm"
        case percent = "%"
    }

    package var unit: Unit {
        switch self {
        case .dice, .iou, .accuracy, .precision, .sensitivity, .specificity, .auc, .kappa, .boundaryF1At1_5,
            .boundaryF1At3, .nsdAt1_5, .nsdAt3:
            .ratio
        case .volumeError: .percent
        default: .millimetres
        }
    }

    /// Ratios are best at 1, distances and errors at 0.
    package var isBetterWhenHigher: Bool { unit == .ratio }
}
