/// What the ratios of a class say that truth, prediction or both do not have.
///
/// Distances are undefined wherever one of the surfaces is empty, whatever the policy.
package enum EmptyClassPolicy: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nil where the class is in neither map or the denominator is 0.
    case undefined
    /// Nil for a class absent from truth (MONAI's `ignore_empty`).
    case monai
    /// Dice and IoU nil for a class in neither map, else as counted (nnU-Net's summary).
    case nnUNet = "nnu-net"
    /// MISeval's values: 0 in place of every undefined ratio, but Dice and AUC 1 for a class in neither map.
    case misEval = "miseval"
}

extension EmptyClassPolicy {
    /// What is said of a ratio that the counts give as `counted`, nil where its denominator is 0.
    ///
    /// - Parameter isOneWhereAbsent: whether MISeval scores 1 for a class in neither map.
    func value(_ presence: Presence, isOneWhereAbsent: Bool, isOverlap: Bool = true, counted: Double?) -> Double? {
        switch self {
        case .undefined: presence == .absent ? nil : counted
        case .monai: presence == .absent || presence == .predictionOnly ? nil : counted
        case .nnUNet: presence == .absent && isOverlap ? nil : counted
        case .misEval: presence == .absent && isOneWhereAbsent ? 1 : counted ?? 0
        }
    }
}
