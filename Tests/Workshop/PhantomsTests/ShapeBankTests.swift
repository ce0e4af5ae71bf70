import Faults
import Foundation
import Phantoms
import Testing
import Volumes

/// Banks of bones that a setting names: whatever stands in their files, the answer is a sentence.
struct ShapeBankTests {
    private typealias Object = [String: Any]

    /// A bank of blocks, the smallest that scenes are made of.
    private struct Folder {
        var shapes: [Object]
        var layouts: Object
        var curves: Object
        /// Affine's origin of every grid.
        var origin: [Double] = [-12, -12, -12]

        init() {
            func record(_ name: String, _ label: Int) -> Object {
                [
                    "source": "lumbosacral-vhm", "folder": "permissive", "label": label, "name": name,
                    "file": "permissive/block.nii", "step_mm": 3,
                    "body": ["up_mm": 9, "down_mm": 9, "width_mm": 20, "depth_mm": 20], "canal_mm": [-10, -12],
                    "next": ["offset_mm": [0, 0, -30], "axes": Self.upright],
                ]
            }
            shapes = ShapeBankTests.names.enumerated().map { record($1, $0 + 1) } + [record("sacrum", 25)]
            let placed: Object = ["origin_mm": [0, 0, 0], "axes": Self.upright]
            layouts = ["myo-sim": ["vertebrae": ["T5": placed]]]
            let line = (0..<24).map { [0, 0, Double(-30 * $0)] }
            curves = ["model": ["mean": line, "modes": [line.map { _ in [0.5, 0, 0] }]]]
        }

        private static let upright: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]

        /// Of C4, when no other is named.
        mutating func changeBone(_ key: String, _ value: Any?, at index: Int = 3) { shapes[index][key] = value }

        func read() throws -> ShapeBank {
            let folder = FileManager.default.temporaryDirectory.appending(path: "bank-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let grids = folder.appending(path: "permissive")
            try FileManager.default.createDirectory(at: grids, withIntermediateDirectories: true)
            for (name, document) in [("shapes", ["bones": shapes] as Object), ("layouts", layouts), ("curves", curves)]
            {
                try JSONSerialization.data(withJSONObject: document).write(to: folder.appending(path: "\(name).json"))
            }
            let geometry = Geometry(
                size: [9, 9, 9],
                affine: Affine(spacingInMillimetres: [3, 3, 3], origin: origin))
            let voxels = (0..<729).map { node -> Float in
                let away = [node % 9, node / 9 % 9, node / 81].map { abs($0 - 4) }
                return Float(away.max() ?? 0) * 3 - 8
            }
            try NIfTI.write(Volume(geometry: geometry, voxels: voxels), to: grids.appending(path: "block.nii"))
            return try ShapeBank(folder: folder, permissiveOnly: false)
        }
    }

    private static let names =
        (1...7).map { "C\($0)" } + (1...12).map { "T\($0)" } + (1...5).map { "L\($0)" }

    /// So that what is refused below is refused for what was changed.
    @Test func aBankOfBlocksMakesScenes() throws {
        let view = AnatomicalView(
            coverage: .levels(20...24), size: [24, 24, 24], spacingInMillimetres: [6, 6, 6], isTurned: false)
        let (_, labels) = try AnatomicalScene.make(seed: 3, view: view, bank: try Folder().read())
        #expect(Set(labels.voxels).isSuperset(of: [21, 22, 23]))
    }

    private static let spoilt: [(words: String, change: @Sendable (inout Folder) -> Void)] = [
        ("step_mm of C4 must be 0.1 to 10, got 0.0", { $0.changeBone("step_mm", 0) }),
        ("step_mm of C4 must be 0.1 to 10, got -1.0", { $0.changeBone("step_mm", -1) }),
        ("step_mm of C4 must be 0.1 to 10, got 1e-30", { $0.changeBone("step_mm", 1e-30) }),
        ("the bank of bones cannot be read", { $0.changeBone("step_mm", 1e300) }),
        ("the bank of bones cannot be read", { $0.changeBone("label", 300) }),
        ("the bank of bones cannot be read", { $0.changeBone("step_mm", nil) }),
        ("the label of C4 must be 0 to 25, got 26", { $0.changeBone("label", 26) }),
        ("a path below the bank's folder, got '../block.nii'", { $0.changeBone("file", "../block.nii") }),
        ("a path below the bank's folder, got '/etc/passwd'", { $0.changeBone("file", "/etc/passwd") }),
        ("a path below the bank's folder, got ''", { $0.changeBone("file", "") }),
        ("the bank of bones cannot be read", { $0.changeBone("file", "permissive/none.nii") }),
        ("canal_mm of C4 must be two places", { $0.changeBone("canal_mm", [1]) }),
        (
            "the body of C4 must measure 1 to 200 mm",
            {
                $0.changeBone("body", ["up_mm": 0, "down_mm": 9, "width_mm": 20, "depth_mm": 20])
            }
        ),
        (
            "the place of what follows C4 must be three numbers",
            {
                $0.changeBone("next", ["offset_mm": [0, 0], "axes": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]])
            }
        ),
        (
            "the axes of what follows C4 must be three perpendicular ones",
            {
                $0.changeBone("next", ["offset_mm": [0, 0, 1], "axes": [[1, 0, 0], [0, 1]]])
            }
        ),
        (
            "the axes of what follows C4 must be three perpendicular ones",
            {
                $0.changeBone("next", ["offset_mm": [0, 0, 1], "axes": [[0, 0, 0], [0, 0, 0], [0, 0, 0]]])
            }
        ),
        (
            "the place of T5 of the thorax must be three numbers up to 5000 mm",
            {
                let placed: Object = ["origin_mm": [1e30, 0, 0], "axes": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]]
                $0.layouts = ["myo-sim": ["vertebrae": ["T5": placed]]]
            }
        ),
        ("the mean of the lines must be 24 places", { $0.curves = ["model": ["mean": [[0, 0, 0]], "modes": []]] }),
        (
            "the mode 1 of the lines must be 24 places",
            {
                let line = (0..<24).map { [0, 0, -30 * $0] }
                $0.curves = ["model": ["mean": line, "modes": [[[0, 0, 0]]]]]
            }
        ),
        (
            "places of the lines' mean must be 1 mm apart",
            {
                $0.curves = ["model": ["mean": [[Int]](repeating: [0, 0, 0], count: 24), "modes": []]]
            }
        ),
        ("the bank must have a bone of label 4 (C4)", { $0.shapes.remove(at: 3) }),
        ("the bank must have the sacrum of the source lumbosacral-vhm", { $0.shapes.removeLast() }),
        ("the bank must have the sacrum of the source lumbosacral-vhm", { $0.changeBone("next", nil, at: 23) }),
        ("the grid of C1 must have its middle plane within, got 9 nodes from 4 on", { $0.origin = [12, -12, -12] }),
        ("the grid of C1 must have its middle plane within, got 9 nodes from -10 on", { $0.origin = [-30, -12, -12] }),
        ("the grid of C1 must begin within 5000 mm of its body", { $0.origin = [-12, 1e30, -12] }),
    ]

    @Test(arguments: spoilt.indices) func aSpoiltBankIsRefusedInWords(_ index: Int) throws {
        let (words, change) = Self.spoilt[index]
        var folder = Folder()
        change(&folder)
        let error = #expect(throws: PhantomError.self) { _ = try folder.read() }
        #expect(error?.code == .shapesUnreadable)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
