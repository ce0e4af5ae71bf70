import DICOMSeries
import Foundation
import Studies
import TestSupport
import Testing
import Volumes

/// Everything that hospitals send and nobody can segment: each makes its input in a folder and says what must be
/// answered.
enum BadInput: String, CaseIterable, CustomTestStringConvertible {
    case missingPath, relativePath, pathOutsideRoots, pathOutsideRootsByDots, pathOutsideRootsBySymbolicLink, namedPipe
    case textFile, textNamedNIfTI, truncatedNIfTI, truncatedGzip, gzipBomb, hugeHeader, nanVoxels
    case emptyFolder, folderWithoutDICOM, truncatedDICOM, twoSeries, missingSlice, duplicateSlice, otherModality
    case missingLabel, labelsOffGrid, unknownLabel, fractionalLabels, labelOutsideRoots
    case missingModel, missingModelVersion, unnamedModel

    var testDescription: String { rawValue }

    /// What a message says about the input.
    struct Order {
        var path: String
        var labelPath: String?
        var model: ModelReference? = "tiny"
    }

    /// The failure's code and a part of its reason.
    var answer: (code: String, reason: String) {
        switch self {
        case .missingPath: ("path-missing", "does not exist")
        case .relativePath: ("path-relative", "expected an absolute path")
        case .pathOutsideRoots, .pathOutsideRootsByDots, .labelOutsideRoots:
            ("path-outside-roots", "outside the 1 allowed input roots")
        case .pathOutsideRootsBySymbolicLink:
            ("path-outside-roots", "a symbolic link on the study's path leads out of the allowed input roots")
        case .namedPipe: ("path-not-regular", "neither a file nor a folder")
        case .textFile: ("not-dicom", "the file is text")
        case .textNamedNIfTI: ("not-nifti", "not a NIfTI file but text")
        case .truncatedNIfTI, .truncatedGzip: ("truncated", "the file is cut off")
        case .gzipBomb: ("longer-than-header-states", "goes on after")
        case .hugeHeader: ("too-large", "voxels")
        case .nanVoxels: ("non-finite-voxels", "3 of 1728 voxels are NaN or infinite")
        case .emptyFolder: ("empty-folder", "holds no files")
        case .folderWithoutDICOM: ("not-dicom", "none of its 2 files")
        case .truncatedDICOM: ("truncated", "truncated")
        case .twoSeries: ("several-series", "holds 2 CT series, choose one by its hash")
        case .missingSlice: ("missing-slice", "gap between")
        case .duplicateSlice: ("duplicate-slice", "")
        case .otherModality: ("unsupported-modality", "modality is PT, expected CT")
        case .missingLabel: ("path-missing", "the label's path does not exist")
        case .labelsOffGrid: ("label-grid-mismatch", "labels are not on the CT's grid")
        case .unknownLabel: ("label-unknown", "1 voxels of label 77, expected 0 to 25")
        case .fractionalLabels: ("labels-not-integers", "1 of 1728 voxels are no labels, the first is 1.5")
        case .missingModel: ("model-not-found", "model nobody does not exist")
        case .missingModelVersion: ("model-not-found", "model tiny@4711 does not exist")
        case .unnamedModel: ("model-not-named", "the request names no model")
        }
    }

    /// Writes the input into `folder`, which lies inside the allowed roots.
    func prepare(in folder: URL) throws -> Order {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        switch self {
        case .missingPath, .relativePath, .pathOutsideRoots, .pathOutsideRootsByDots, .pathOutsideRootsBySymbolicLink,
            .namedPipe:
            return try preparePath(in: folder)
        case .textFile, .textNamedNIfTI, .truncatedNIfTI, .truncatedGzip, .gzipBomb, .hugeHeader, .nanVoxels:
            return try prepareFile(in: folder)
        case .emptyFolder, .folderWithoutDICOM, .truncatedDICOM, .twoSeries, .missingSlice, .duplicateSlice,
            .otherModality:
            return try prepareSeries(in: folder)
        case .missingLabel, .labelsOffGrid, .unknownLabel, .fractionalLabels, .labelOutsideRoots, .missingModel,
            .missingModelVersion, .unnamedModel:
            return try prepareLabel(in: folder)
        }
    }

    private func preparePath(in folder: URL) throws -> Order {
        switch self {
        case .relativePath: return Order(path: "studies/1")
        case .pathOutsideRoots: return Order(path: "/etc/passwd")
        case .pathOutsideRootsByDots: return Order(path: folder.path + "/../../../../../etc/passwd")
        case .pathOutsideRootsBySymbolicLink:
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: "link").path, withDestinationPath: "/etc")
            return Order(path: folder.appending(path: "link/passwd").path)
        case .namedPipe:
            let pipe = folder.appending(path: "pipe").path
            guard mkfifo(pipe, 0o600) == 0 else { throw Unexpected("cannot make a named pipe") }
            return Order(path: pipe)
        default: return Order(path: folder.appending(path: "nothing-here").path)
        }
    }

    private func prepareFile(in folder: URL) throws -> Order {
        let plain = folder.appending(path: "ct.nii")
        try NIfTI.write(Self.volume, to: plain)
        let whole = try Data(contentsOf: plain)
        switch self {
        case .textFile:
            let file = folder.appending(path: "letter.txt")
            try Data("Dear colleague, thank you for the referral.".utf8).write(to: file)
            return Order(path: file.path)
        case .textNamedNIfTI: try Data("Dear colleague, thank you for the referral.".utf8).write(to: plain)
        case .truncatedNIfTI: try whole.prefix(whole.count - 100).write(to: plain)
        case .truncatedGzip:
            let packed = folder.appending(path: "ct.nii.gz")
            try NIfTI.write(Self.volume, to: packed)
            let bytes = try Data(contentsOf: packed)
            try bytes.prefix(bytes.count / 2).write(to: packed)
            return Order(path: packed.path)
        case .gzipBomb:
            // 64 MiB of zeros behind a small volume.
            try (whole + Data(count: 64 << 20)).write(to: plain)
            try Self.run("/usr/bin/gzip", ["-1", plain.path])
            return Order(path: plain.path + ".gz")
        case .hugeHeader:
            // 32767 voxels along each axis: dim[1…3] at byte 42 of the header.
            var bytes = whole
            bytes.replaceSubrange(42..<48, with: [0xFF, 0x7F, 0xFF, 0x7F, 0xFF, 0x7F])
            try bytes.write(to: plain)
        default:
            var volume = Self.volume.map { Float($0) }
            for place in [7, 8, 900] { volume.voxels[place] = place == 8 ? .infinity : .nan }
            try NIfTI.write(volume, to: plain)
        }
        return Order(path: plain.path)
    }

    private func prepareSeries(in folder: URL) throws -> Order {
        guard self != .emptyFolder else { return Order(path: folder.path) }
        guard self != .folderWithoutDICOM else {
            for name in ["letter.txt", "notes.txt"] {
                try Data("Dear colleague".utf8).write(to: folder.appending(path: name))
            }
            return Order(path: folder.path)
        }
        try DICOMWriter.writeSeries(Self.volume, to: folder, facts: DICOMWriter.SeriesFacts(seed: 5))
        let third = folder.appending(path: "CT0003.dcm")
        switch self {
        case .truncatedDICOM:
            let whole = try Data(contentsOf: third)
            try whole.prefix(whole.count - 60).write(to: third)
        case .twoSeries:
            try DICOMWriter.writeSeries(
                Self.volume, to: folder.appending(path: "second"),
                facts: DICOMWriter.SeriesFacts(seed: 5, seriesNumber: 2))
        case .missingSlice: try FileManager.default.removeItem(at: third)
        case .duplicateSlice:
            // Another picture at the same place; the same one twice would do no harm.
            var bytes = try Data(contentsOf: third)
            bytes[bytes.count - 2] ^= 1
            try bytes.write(to: folder.appending(path: "copy.dcm"))
        default:
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let file = folder.appending(path: name)
                var bytes = try Data(contentsOf: file)
                // The modality (0008,0060), a code string of two characters.
                guard let place = bytes.range(of: Data("CS\u{2}\u{0}CT".utf8)) else {
                    throw Unexpected("an object without a modality")
                }
                bytes.replaceSubrange(place, with: Data("CS\u{2}\u{0}PT".utf8))
                try bytes.write(to: file)
            }
        }
        return Order(path: folder.path)
    }

    private func prepareLabel(in folder: URL) throws -> Order {
        let (image, label) = (folder.appending(path: "ct.nii.gz"), folder.appending(path: "labels.nii.gz"))
        try NIfTI.write(Self.volume, to: image)
        var order = Order(path: image.path, labelPath: label.path)
        var labels = Volume<UInt8>(geometry: Self.volume.geometry, repeating: 0)
        switch self {
        case .missingLabel: break
        case .labelsOffGrid:
            labels.geometry.affine = Affine(spacingInMillimetres: [2, 2, 2], origin: [5, 0, 0])
            try NIfTI.write(labels, to: label)
        case .unknownLabel:
            labels.voxels[100] = 77
            try NIfTI.write(labels, to: label)
        case .fractionalLabels:
            var fractions = labels.map { Float($0) }
            fractions.voxels[100] = 1.5
            try NIfTI.write(fractions, to: label)
        case .labelOutsideRoots: order.labelPath = "/etc/passwd"
        case .missingModel: order = Order(path: image.path, model: "nobody")
        case .unnamedModel: order = Order(path: image.path, model: nil)
        default: order = Order(path: image.path, model: "tiny@4711")
        }
        return order
    }

    /// 12×12×12 voxels at 2 mm, all different.
    static let volume = Volume<Int16>(
        geometry: Geometry(size: [12, 12, 12], affine: Affine(spacingInMillimetres: [2, 2, 2])),
        voxels: (0..<1728).map { Int16($0 % 1500 - 500) })

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = try Process.run(URL(filePath: program), arguments: arguments)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Unexpected("\(program) ended with \(process.terminationStatus)")
        }
    }
}
