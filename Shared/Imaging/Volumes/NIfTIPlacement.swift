import Faults

/// Where a header says that the volume lies: up to two maps, each with a code above 0 where it is set.
struct NIfTIForms {
    let sformCode: Int
    let sform: Affine
    let qformCode: Int
    let qform: Affine
    /// The vector part of the qform's unit quaternion.
    let quaternion: [Double]
    /// pixdim[0]: whether the qform turns the third axis round.
    let handedness: Double
    /// pixdim[1…3], in mm.
    let voxelSizes: [Double]
}

/// Which of a header's maps is taken, and what must be said of that.
///
/// The sform goes first where its code is above 0, as in nibabel. Programs have written the code without the matrix,
/// which then says nothing; the qform beside it does. What no map says is refused, but for files with neither code:
/// they state voxel sizes only, as ANALYZE files did.
struct NIfTIPlacement {
    let affine: Affine
    let source: NIfTIHeader.AffineSource
    /// Assumptions, and statements of the header that contradict what was taken.
    private(set) var remarks: [String] = []

    /// Throws `spacingNotPositive` or `affineNotInvertible`.
    init(_ forms: NIfTIForms, size: [Int]) throws {
        let (sformFault, qformFault) = (
            forms.sformCode > 0 ? forms.sformFault : nil, forms.qformCode > 0 ? forms.qformFault : nil
        )
        switch (forms.sformCode > 0, forms.qformCode > 0) {
        case (true, _) where sformFault == nil:
            (affine, source) = (forms.sform, .sform)
            if let qformFault {
                remarks.append("the qform has code \(forms.qformCode), but \(qformFault): it was left out")
            }
            remarks += forms.contradictions(qformFault: qformFault, size: size)
        case (let sformIsSet, true) where qformFault == nil:
            (affine, source) = (forms.qform, .qform)
            if sformIsSet, let sformFault {
                remarks.append("the sform has code \(forms.sformCode), but \(sformFault): the qform was taken")
            }
            if abs(forms.handedness) != 1, forms.handedness != 0 {
                remarks.append(
                    "pixdim[0] is \(forms.handedness), expected 1 or -1: it was taken for \(forms.handedness < 0 ? "-1" : "1")"
                )
            }
        case (false, false):
            guard forms.voxelSizesAreUsable else {
                throw VolumeError(
                    .spacingNotPositive, "spacing must be positive on every axis, got \(forms.voxelSizes)")
            }
            (affine, source) = (Self.centred(forms.voxelSizes, size), .pixdim)
            remarks.append("neither sform nor qform is set: right and left are assumed, not stated")
        default:
            let faults = [
                sformFault.map { "the sform has code \(forms.sformCode), but \($0)" },
                qformFault.map { "the qform has code \(forms.qformCode), but \($0)" },
            ]
            let isSpacing =
                sformFault == nil
                ? !forms.voxelSizesAreUsable : forms.sform.isFinite && forms.sform.spacingInMillimetres.contains(0)
            throw VolumeError(
                isSpacing ? .spacingNotPositive : .affineNotInvertible,
                faults.compactMap(\.self).joined(separator: "; ")
                    + ": the file does not say where its voxels lie, expected a map that can be inverted")
        }
        try affine.requireInvertible()
    }

    /// As nibabel does it: i to the left, world origin in the volume's middle.
    private static func centred(_ spacing: [Double], _ size: [Int]) -> Affine {
        let centre = zip(spacing, size).map { $0 * Double($1 - 1) / 2 }
        return Affine(rows: [
            [-spacing[0], 0, 0, centre[0]], [0, spacing[1], 0, -centre[1]], [0, 0, spacing[2], -centre[2]],
        ])
    }
}

extension NIfTIForms {
    var voxelSizesAreUsable: Bool { voxelSizes.allSatisfy { $0 > 0 && $0.isFinite } }

    /// Nil where the map can be used.
    var sformFault: String? {
        guard sform.isFinite else { return "its matrix has values that are no finite numbers" }
        guard sform.spacingInMillimetres.contains(where: { $0 > 0 }) else { return "its matrix is all zeros" }
        return sform.isInvertible ? nil : "its matrix cannot be inverted"
    }

    var qformFault: String? {
        guard voxelSizesAreUsable else { return "voxel sizes must be positive on every axis, got \(voxelSizes)" }
        guard qform.isFinite, quaternion.allSatisfy(\.isFinite) else {
            return "its quaternion or offset has values that are no finite numbers"
        }
        let length = quaternion.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // Single precision leaves less than a millionth.
        guard length <= 1.001 else { return "its quaternion has a vector part of length \(length), expected at most 1" }
        return qform.isInvertible ? nil : "its matrix cannot be inverted"
    }

    /// What else the header says of the place, where the sform is taken. Readers that go by the qform, or take sizes
    /// from pixdim, see another volume.
    func contradictions(qformFault: String?, size: [Int]) -> [String] {
        let spacing = sform.spacingInMillimetres
        if qformCode > 0, qformFault == nil {
            let (own, other) = (Geometry(size: size, affine: sform), Geometry(size: size, affine: qform))
            guard !own.isSameGrid(as: other, toleranceInMillimetres: 0.1 * (spacing.min() ?? 1)) else { return [] }
            let isMirrored = (sform.determinant < 0) != (qform.determinant < 0)
            return [
                "sform and qform place corners up to \(Self.rounded(own.largestCornerDistance(to: other))) mm apart"
                    + "\(isMirrored ? " and mirror each other" : ""): the sform was taken"
            ]
        }
        guard voxelSizesAreUsable, zip(voxelSizes, spacing).contains(where: { abs($0 - $1) > 1e-3 * $1 }) else {
            return []
        }
        return [
            "voxel sizes are \(voxelSizes.map(Self.rounded)) mm in pixdim, but \(spacing.map(Self.rounded)) mm in the sform: the sform was taken"
        ]
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
