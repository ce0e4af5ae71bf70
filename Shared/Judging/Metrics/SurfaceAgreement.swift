/// How much of two surfaces lies within a tolerance of each other.
package struct SurfaceAgreement: Sendable, Hashable, Codable {
    package var toleranceInMillimetres: Double
    /// 2PR/(P+R) over boundary voxels (Csurka et al. 2013); 0 for a class only one map has, nil for one neither has.
    package var boundaryF1: Double?
    /// Normalised surface Dice over surface elements weighted by area (Nikolov et al. 2018); as above where empty.
    package var normalizedSurfaceDice: Double?

    package init(toleranceInMillimetres: Double, boundaryF1: Double?, normalizedSurfaceDice: Double?) {
        self.toleranceInMillimetres = toleranceInMillimetres
        self.boundaryF1 = boundaryF1
        self.normalizedSurfaceDice = normalizedSurfaceDice
    }

    /// Columns of `class_agreements`.
    private enum CodingKeys: String, CodingKey {
        case toleranceInMillimetres = "tolerance_mm"
        case boundaryF1 = "boundary_f1"
        case normalizedSurfaceDice = "normalized_surface_dice"
    }
}
