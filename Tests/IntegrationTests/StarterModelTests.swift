import Foundation
import Phantoms
import TestSupport
import Testing
import Volumes

/// The model that comes with the programs, as whoever has just cloned them meets it.
@Suite struct StarterModelTests {
    /// A scene that no training run has drawn: loins with the sacrum, at voxels of its own.
    private static func scene(in folder: URL) throws -> (ct: URL, labels: Volume<UInt8>) {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let view = AnatomicalView(
            coverage: .levels(19...25), size: nil, spacingInMillimetres: [2.5, 2.5, 3], isTurned: false)
        let (ct, labels) = try AnatomicalScene.make(seed: 0xC01A, view: view)
        let file = folder.appending(path: "ct.nii.gz")
        try NIfTI.write(ct, to: file)
        return (file, labels)
    }

    private static func dice(_ label: UInt8, _ one: Volume<UInt8>, _ other: Volume<UInt8>) -> Double {
        let both = zip(one.voxels, other.voxels).count { $0 == label && $1 == label }
        return 2 * Double(both)
            / Double(one.voxels.count { $0 == label } + other.voxels.count { $0 == label })
    }

    @Test func itFindsVertebraeAndTheirNamesWithoutBeingAskedFor() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-starter-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (ct, truth) = try Self.scene(in: folder)
        let output = folder.appending(path: "labels.nii.gz")
        let result = try Program.run(["segment", ct.path, "-o", output.path])
        #expect(result.status == 0 && result.errors.contains("the starter model is taken"), "\(result.errors)")
        let found = try NIfTI.readLabels(output)
        #expect(found.geometry.size == truth.geometry.size)
        let dice = (UInt8(21)...25).map { Self.dice($0, found, truth) }
        #expect(dice.allSatisfy { $0 > 0.4 } && dice.reduce(0, +) / Double(dice.count) > 0.6, "\(dice)")
    }

    @Test func whereItWasNotInstalledThatIsSaid() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-starter-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (ct, _) = try Self.scene(in: folder)
        let output = folder.appending(path: "labels.nii.gz")
        let result = try Program.run(
            ["segment", ct.path, "-o", output.path], environment: ["COLUMNA_MODELS": folder.path])
        #expect(
            result.status == 65 && result.errors.contains("COLUMNA_MODELS names a folder without it"),
            "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: output.path))
    }
}
