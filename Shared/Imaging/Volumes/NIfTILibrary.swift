import CNIfTI
import Faults

/// The boundary to libnifti (nifti2_io): header bytes to affine and back. The library reads and writes no files here;
/// `ByteSource` and `ByteSink` do, because they can stop early and report.
enum NIfTILibrary {
    /// Decodes the first bytes of a file. Throws what `NIfTIHeaderCheck` throws, and for an unusable affine
    /// `spacingNotPositive` or `affineNotInvertible`.
    static func header(from bytes: [UInt8], isCompressed: Bool, limits: ReadLimits) throws -> NIfTIHeader {
        let check = try NIfTIHeaderCheck(bytes, isCompressed: isCompressed)
        let size = try check.checkedSize(limits)
        let type = try check.checkedVoxelType()
        let scaling = try check.checkedScaling()
        let placement = try NIfTIPlacement(forms(check), size: size)
        let header = NIfTIHeader(
            version: check.version, isBigEndian: check.isBigEndian,
            geometry: Geometry(size: size, affine: placement.affine),
            voxelType: type, slope: scaling.slope, intercept: scaling.intercept,
            dataOffset: try check.checkedDataOffset(), isPair: check.isPair, affineSource: placement.source,
            remarks: placement.remarks + (scaling.remark.map { [$0] } ?? []), note: note(in: check.text))
        guard header.dataByteCount <= limits.maximumBytes else {
            throw VolumeError(
                .tooLarge,
                "the header states \(header.dataByteCount) bytes of voxels, at most \(limits.maximumBytes) are allowed")
        }
        return header
    }

    /// The bytes of a header (NIfTI-1, or NIfTI-2 where a size or the scaling needs it) with the four bytes that say
    /// "no extensions". The sform has the affine. The qform, which readers as ITK prefer, has it too, as exactly as a
    /// rotation can: with axes that are not quite at right angles, as measured ones are, a corner moves by less than a
    /// twentieth of a voxel. What is further away is sheared (a tilted gantry): then there is no qform, and whoever can
    /// take rotations only must say so instead of showing another anatomy.
    static func headerBytes(
        _ geometry: Geometry, _ type: NIfTIVoxelType, _ scaling: (slope: Double, intercept: Double), note: String? = nil
    ) -> [UInt8] {
        let isLong = geometry.size.contains { $0 > Int(Int16.max) }
        let needsVersion2 = isLong || [scaling.slope, scaling.intercept].contains { Double(Float($0)) != $0 }
        var header =
            needsVersion2 ? bytes(of: version2(geometry, type, scaling)) : bytes(of: version1(geometry, type, scaling))
        if let note {
            let text = Array((notePrefix + note).utf8.prefix(NIfTIHeaderCheck.textByteCount - 1))
            let offset = needsVersion2 ? 240 : 148
            header.replaceSubrange(offset..<offset + text.count, with: text)
        }
        return header + [0, 0, 0, 0]
    }

    /// By which a text of ours is told from another program's, which may name a patient.
    private static let notePrefix = "columna: "

    private static func note(in text: String) -> String? {
        text.hasPrefix(notePrefix) ? String(text.dropFirst(notePrefix.count)) : nil
    }

    // MARK: - Reading

    private static func forms(_ check: NIfTIHeaderCheck) -> NIfTIForms {
        let unit = millimetres(perUnit: Int32(check.spaceUnit))
        let (sizes, turn) = (check.pixelDimensions, check.quaternionAndOffset)
        let qform = nifti_quatern_to_dmat44(
            turn[0], turn[1], turn[2], turn[3], turn[4], turn[5], sizes[1], sizes[2], sizes[3], sizes[0] < 0 ? -1 : 1)
        let codes = check.formCodes
        return NIfTIForms(
            sformCode: codes.sform, sform: Affine(rows: check.sformRows.map { $0.map { $0 * unit } }),
            qformCode: codes.qform,
            qform: affine(qform, unit), quaternion: Array(turn[0..<3]), handedness: sizes[0],
            voxelSizes: sizes[1...3].map { $0 * unit })
    }

    /// xyzt_units: 1 is metres, 3 micrometres; 2 is millimetres, and so is "unknown".
    private static func millimetres(perUnit code: Int32) -> Double {
        switch code {
        case NIFTI_UNITS_METER: 1000
        case NIFTI_UNITS_MICRON: 0.001
        default: 1
        }
    }

    private static func affine(_ matrix: nifti_dmat44, _ unit: Double) -> Affine {
        let (first, second, third) = (matrix.m.0, matrix.m.1, matrix.m.2)
        return Affine(rows: [first, second, third].map { [$0.0 * unit, $0.1 * unit, $0.2 * unit, $0.3 * unit] })
    }

    // MARK: - Writing

    private struct Quaternion {
        var (b, c, d) = (0.0, 0.0, 0.0)
        /// Voxel sizes as the quaternion's convention wants them, and the sign of k's direction.
        var (x, y, z, handedness) = (0.0, 0.0, 0.0, 0.0)

        /// Whether the quaternion places all corners of the grid where the affine does.
        let isFaithful: Bool

        init(_ geometry: Geometry) {
            let affine = geometry.affine
            func row(_ row: Int) -> (Double, Double, Double, Double) {
                (affine[row, 0], affine[row, 1], affine[row, 2], affine[row, 3])
            }
            let matrix = nifti_dmat44(m: (row(0), row(1), row(2), (0, 0, 0, 1)))
            nifti_dmat44_to_quatern(matrix, &b, &c, &d, nil, nil, nil, &x, &y, &z, &handedness)
            let origin = affine.origin
            let said = NIfTILibrary.affine(
                nifti_quatern_to_dmat44(b, c, d, origin.x, origin.y, origin.z, x, y, z, handedness), 1)
            let tolerance = 0.05 * (affine.spacingInMillimetres.min() ?? 1)
            isFaithful = geometry.isSameGrid(
                as: Geometry(size: geometry.size, affine: said), toleranceInMillimetres: tolerance)
        }
    }

    private static func version1(
        _ geometry: Geometry, _ type: NIfTIVoxelType, _ scaling: (slope: Double, intercept: Double)
    ) -> nifti_1_header {
        let affine = geometry.affine
        let rotation = Quaternion(geometry)
        var header = nifti_1_header()
        header.sizeof_hdr = 348
        header.regular = CChar(UInt8(ascii: "r"))
        header.dim = (3, Int16(geometry.size[0]), Int16(geometry.size[1]), Int16(geometry.size[2]), 1, 1, 1, 1)
        header.datatype = Int16(type.rawValue)
        header.bitpix = Int16(type.byteCount * 8)
        header.pixdim = (
            Float(rotation.handedness), Float(rotation.x), Float(rotation.y), Float(rotation.z), 1, 1, 1, 1
        )
        header.vox_offset = 352
        (header.scl_slope, header.scl_inter) = (Float(scaling.slope), Float(scaling.intercept))
        header.xyzt_units = CChar(NIFTI_UNITS_MM)
        header.qform_code = Int16(rotation.isFaithful ? NIFTI_XFORM_SCANNER_ANAT : NIFTI_XFORM_UNKNOWN)
        header.sform_code = Int16(NIFTI_XFORM_SCANNER_ANAT)
        (header.quatern_b, header.quatern_c, header.quatern_d) = (
            Float(rotation.b), Float(rotation.c), Float(rotation.d)
        )
        (header.qoffset_x, header.qoffset_y, header.qoffset_z) = (
            Float(affine.origin.x), Float(affine.origin.y), Float(affine.origin.z)
        )
        func row(_ row: Int) -> (Float, Float, Float, Float) {
            (Float(affine[row, 0]), Float(affine[row, 1]), Float(affine[row, 2]), Float(affine[row, 3]))
        }
        (header.srow_x, header.srow_y, header.srow_z) = (row(0), row(1), row(2))
        header.magic = (0x6E, 0x2B, 0x31, 0)
        return header
    }

    private static func version2(
        _ geometry: Geometry, _ type: NIfTIVoxelType, _ scaling: (slope: Double, intercept: Double)
    ) -> nifti_2_header {
        let affine = geometry.affine
        let rotation = Quaternion(geometry)
        var header = nifti_2_header()
        header.sizeof_hdr = 540
        header.magic = (0x6E, 0x2B, 0x32, 0, 0x0D, 0x0A, 0x1A, 0x0A)
        header.datatype = Int16(type.rawValue)
        header.bitpix = Int16(type.byteCount * 8)
        header.dim = (3, Int64(geometry.size[0]), Int64(geometry.size[1]), Int64(geometry.size[2]), 1, 1, 1, 1)
        header.pixdim = (rotation.handedness, rotation.x, rotation.y, rotation.z, 1, 1, 1, 1)
        header.vox_offset = 544
        (header.scl_slope, header.scl_inter) = (scaling.slope, scaling.intercept)
        header.xyzt_units = Int32(NIFTI_UNITS_MM)
        header.qform_code = rotation.isFaithful ? NIFTI_XFORM_SCANNER_ANAT : NIFTI_XFORM_UNKNOWN
        header.sform_code = Int32(NIFTI_XFORM_SCANNER_ANAT)
        (header.quatern_b, header.quatern_c, header.quatern_d) = (rotation.b, rotation.c, rotation.d)
        (header.qoffset_x, header.qoffset_y, header.qoffset_z) = (affine.origin.x, affine.origin.y, affine.origin.z)
        func row(_ row: Int) -> (Double, Double, Double, Double) {
            (affine[row, 0], affine[row, 1], affine[row, 2], affine[row, 3])
        }
        (header.srow_x, header.srow_y, header.srow_z) = (row(0), row(1), row(2))
        return header
    }

    /// Both header structures have no padding, so their memory is the file's.
    private static func bytes<Header: BitwiseCopyable>(of header: Header) -> [UInt8] {
        withUnsafeBytes(of: header) { Array($0) }
    }
}
