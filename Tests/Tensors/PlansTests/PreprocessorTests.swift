import Faults
import Foundation
import Plans
import TensorCore
import TestSupport
import Testing
import Volumes

@Suite struct PreprocessorTests {
    /// A window so wide that nothing is clipped: HU = 4000 · value.
    private var wide: Plan {
        var plan = Plan()
        plan.intensities = .window(lower: -4000, upper: 4000)
        return plan
    }

    private struct Golden: Decodable {
        struct Grid: Decodable { let affine_ras: Affine }
        struct Case: Decodable {
            let input: Grid
            let monai: Grid
        }
        let cases: [String: Case]
    }

    @Test(
        .enabled(if: Fixtures.golden("resampling/resampling.json") != nil),
        arguments: ["oblique_permuted", "oblique_thick", "ct_3mm", "ct_dicom"])
    func agreesWithMONAIFromAnyGrid(name: String) throws {
        let description = try Data(contentsOf: #require(Fixtures.golden("resampling/resampling.json")))
        let grids = try #require(try JSONDecoder().decode(Golden.self, from: description).cases[name])
        let file = try Safetensors.read(#require(Fixtures.golden("resampling/\(name).safetensors")))
        let original = Geometry(size: try file.shape("input.image"), affine: grids.input.affine_ras)
        let ready = Geometry(size: try file.shape("monai.image"), affine: grids.monai.affine_ras)

        let preprocessor = try Preprocessor(wide)
        let image = try preprocessor.networkReady(
            image: TensorVolume.volume(file.tensor("input.image"), geometry: original))
        #expect(image.geometry.isSameGrid(as: ready))
        let expected = TensorVolume.volume(try file.tensor("monai.image"), geometry: ready)
        let largest = zip(image.voxels, expected.voxels).map { abs(4000 * $0 - $1) }.max()
        #expect(try #require(largest) < 0.02)

        let labels = TensorVolume.volume(labels: try file.bytes("input.label"), geometry: original)
        let label = try preprocessor.networkReady(label: labels, like: image.geometry)
        let truth = TensorVolume.volume(labels: try file.bytes("monai.label"), geometry: ready)
        let clear = TensorVolume.volume(labels: try file.bytes("monai.label_clear"), geometry: ready)
        let wrong = clear.voxels.indices.count { clear.voxels[$0] == 1 && label.voxels[$0] != truth.voxels[$0] }
        #expect(wrong == 0)
    }

    @Test func labelsInAnotherOrientationMeetTheImage() throws {
        let image = Volume<Float>(
            geometry: Geometry(size: [9, 8, 7], affine: Affine(spacingInMillimetres: [2, 2, 3])), repeating: 40)
        var labels = Volume<UInt8>(geometry: image.geometry, repeating: 0)
        labels[4, 4, 4] = 20
        let preprocessor = try Preprocessor(Plan())
        let ready = try preprocessor.networkReady(image: image)
        let turned = labels.reoriented(to: try #require(Orientation("LPI")))
        #expect(
            try preprocessor.networkReady(label: turned, like: ready.geometry)
                == preprocessor.networkReady(label: labels, like: ready.geometry))
    }

    /// nnU-Net's arrays are (k, j, i) of RAS: SimpleITK's, or nibabel's transposed.
    @Test func theNetworkOfAnSARPlanSeesTheTransposedArray() throws {
        let size = [4, 6, 9]
        let image = Volume<Float>(
            geometry: Geometry(size: size, affine: Affine(spacingInMillimetres: [2, 1.5, 1])),
            voxels: (0..<216).map { Float($0 % 199) })
        var plan = wide
        plan.spacingInMillimetres = [2, 1.5, 1]
        let straight = TensorVolume.tensor(try Preprocessor(plan).networkReady(image: image))
        plan.orientation = "SAR"
        plan.spacingInMillimetres = [1, 1.5, 2]
        let preprocessor = try Preprocessor(plan)
        let ready = try preprocessor.networkReady(image: image.reoriented(to: try #require(Orientation("LPS"))))
        let turned = TensorVolume.tensor(ready)
        #expect(turned.shape == [1, 1, 9, 6, 4])
        for i in 0..<4 {
            for j in 0..<6 { for k in 0..<9 { #expect(turned[(k * 6 + j) * 4 + i] == straight[(i * 6 + j) * 9 + k]) } }
        }
        #expect(try preprocessor.networkGeometry(of: image.geometry).isSameGrid(as: ready.geometry))
        let label = try preprocessor.networkReady(label: image.map { UInt8($0) }, like: ready.geometry)
        #expect(label.voxels == ready.voxels.map { UInt8(($0 * 4000).rounded()) })
    }

    /// Clipping doesn't commute with interpolation: between 0 and 300 HU clipped to 100 lies 50, not 100.
    @Test func ctIsNormalisedBeforeItIsResampled() throws {
        let image = Volume<Float>(
            geometry: Geometry(size: [2, 1, 1], affine: Affine(spacingInMillimetres: [2, 1, 1])), voxels: [0, 300])
        var plan = Plan()
        plan.spacingInMillimetres = [1, 1, 1]
        plan.intensities = .ct(lower: -100, upper: 100, mean: 20, deviation: 10)
        #expect(try Preprocessor(plan).networkReady(image: image).voxels == [-2, 3, 8])
        plan.intensities = .window(lower: -100, upper: 100)
        #expect(try Preprocessor(plan).networkReady(image: image).voxels == [0, 1, 1])
    }

    /// Axes in the order of nnU-Net's arrays; the coarse one, first here and in nnU-Net, takes the nearest slice.
    @Test(
        .enabled(if: Fixtures.golden("resampling/resampling.json") != nil),
        arguments: ["oblique_permuted", "oblique_thick", "ct_3mm", "ct_dicom"])
    func agreesWithNNUNet(name: String) throws {
        let description = try Data(contentsOf: #require(Fixtures.golden("resampling/resampling.json")))
        let grid = try #require(try JSONDecoder().decode(Golden.self, from: description).cases[name]).input
        let tensors = try Safetensors.read(#require(Fixtures.golden("resampling/\(name).safetensors")))
        let values = try tensors.tensor("input.image")
        let (size, labels) = (values.shape, try tensors.bytes("input.label"))
        let geometry = Geometry(size: size, affine: grid.affine_ras)
        let image = TensorVolume.volume(Tensor(values.values, shape: [1, 1] + size), geometry: geometry)
        var plan = wide
        (plan.resampling, plan.interpolation) = (.nnUNet, .cubic)
        plan.orientation = String(geometry.orientation.description.reversed())
        let preprocessor = try Preprocessor(plan)

        let ready = try preprocessor.networkReady(image: image)
        let expected = try tensors.tensor("nnunet.image")
        #expect(ready.geometry.size == expected.shape)
        let found = TensorVolume.tensor(ready).values
        let largest = zip(found, expected.values).map { abs($0 * 4000 - $1) }.max() ?? .infinity
        #expect(largest < 0.1, "largest difference \(largest) HU")

        let label = try preprocessor.networkReady(
            label: TensorVolume.volume(labels: labels, geometry: geometry), like: ready.geometry)
        let wrong = zip(TensorVolume.labels(label), try tensors.bytes("nnunet.label")).count { $0 != $1 }
        #expect(Double(wrong) <= 1e-4 * Double(found.count), "\(wrong) labels differ")
        // The outer faces stay where they are.
        let (before, after) = (geometry.reoriented(to: try #require(Orientation(plan.orientation))), ready.geometry)
        for corner in 0..<8 {
            func face(_ grid: Geometry) -> SIMD3<Double> {
                grid.affine.applied(
                    to: SIMD3<Double>((0..<3).map { corner >> $0 & 1 == 0 ? -0.5 : Double(grid.size[$0]) - 0.5 }))
            }
            let distance = face(before) - face(after)
            #expect((distance * distance).sum().squareRoot() < 1e-9)
        }
    }

    /// MIC-DKFZ/nnUNet#2796: cropping to what is not 0 is run at all times, before intensities and resampling.
    @Test(arguments: ["RAS", "SAR", "LPI"]) func nnUNetsRulesCropBordersOfZeros(orientation: String) throws {
        let geometry = Geometry(
            size: [12, 10, 8], affine: Affine(spacingInMillimetres: [1, 2, 1.5], origin: [3, -2, 7]))
        var image = Volume<Float>(geometry: geometry, repeating: 0)
        var label = Volume<UInt8>(geometry: geometry, repeating: 0)
        for k in 1..<8 {
            for j in 0..<9 { for i in 3..<10 { (image[i, j, k], label[i, j, k]) = (Float(i * j - 40 * k), UInt8(i)) } }
        }
        image[5, 4, 4] = 0
        // Its corner voxel, 3·0 − 40, keeps the box at i = 3.
        var plan = wide
        (plan.resampling, plan.interpolation, plan.orientation, plan.spacingInMillimetres) = (
            .nnUNet, .linear, orientation, [1.5, 1.5, 1.5]
        )
        let box = VoxelBox([3..<10, 0..<9, 1..<8])
        #expect(image.boxOfNonZeroVoxels == box)
        let preprocessor = try Preprocessor(plan)
        let ready = try preprocessor.networkReady(image: image)
        let alone = try preprocessor.networkReady(image: image.cropped(to: box))
        #expect(ready == alone)
        #expect(preprocessor.part(of: geometry, in: ready.geometry) == box)
        #expect(
            try preprocessor.networkReady(label: label, like: ready.geometry)
                == preprocessor.networkReady(label: label.cropped(to: box), like: ready.geometry))
        plan.resampling = .monai
        #expect(try Preprocessor(plan).networkReady(image: image).geometry.size != ready.geometry.size)
    }

    @Test func anImageOfZerosIsKeptWhole() throws {
        let image = Volume<Float>(geometry: Geometry(size: [4, 3, 5], affine: .identity), repeating: 0)
        #expect(image.boxOfNonZeroVoxels == image.geometry.wholeBox)
    }

    /// MIC-DKFZ/nnUNet, `no_resampling_hack`.
    @Test func aPlanThatKeepsSpacingLeavesTheGrid() throws {
        var plan = wide
        (plan.resampling, plan.keepsSpacing) = (.nnUNet, true)
        let geometry = Geometry(size: [5, 6, 7], affine: Affine(spacingInMillimetres: [0.8, 0.7, 3]))
        let image = Volume<Float>(geometry: geometry, voxels: (0..<210).map { Float($0 + 1) })
        #expect(try Preprocessor(plan).networkReady(image: image).geometry.size == [5, 6, 7])
        #expect(try Preprocessor(plan).networkGeometry(of: geometry) == geometry)
        let label = Volume<UInt8>(geometry: geometry, voxels: (0..<210).map { UInt8($0 % 3) })
        #expect(try Preprocessor(plan).networkReady(label: label, like: geometry) == label)
    }

    @Test func refusesLabelsOnAnotherGrid() throws {
        let preprocessor = try Preprocessor(Plan())
        let image = Volume<Float>(
            geometry: Geometry(size: [8, 8, 8], affine: Affine(spacingInMillimetres: [3, 3, 3])), repeating: 0)
        let ready = try preprocessor.networkReady(image: image)
        let shifted = Geometry(size: [8, 8, 8], affine: Affine(spacingInMillimetres: [3, 3, 3], origin: [1, 0, 0]))
        let error = #expect(throws: PlanError.self) {
            try preprocessor.networkReady(label: Volume(geometry: shifted, repeating: 1), like: ready.geometry)
        }
        #expect(error?.code == .labelGridMismatch)
    }

    /// By nnU-Net's rules the image is a part of the labels' grid: here by half a voxel, or by its end, it is not.
    @Test(arguments: [[1.5, 1, 1], [1, 7, 1]]) func refusesLabelsOfWhichTheImageIsNoPart(origin: [Double]) throws {
        var plan = wide
        (plan.resampling, plan.keepsSpacing) = (.nnUNet, true)
        let preprocessor = try Preprocessor(plan)
        let label = Volume<UInt8>(geometry: Geometry(size: [5, 6, 7], affine: .identity), repeating: 1)
        let image = Geometry(size: [2, 2, 2], affine: Affine(spacingInMillimetres: [1, 1, 1], origin: origin))
        #expect(preprocessor.part(of: label.geometry, in: image) == nil)
        let error = #expect(throws: PlanError.self) { try preprocessor.networkReady(label: label, like: image) }
        #expect(error?.code == .labelGridMismatch && error?.description.contains("no part") == true)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func refusesVoxelsThatAreNoNumbers(value: Float) throws {
        var image = Volume<Float>(geometry: Geometry(size: [4, 4, 4], affine: .identity), repeating: 0)
        image[1, 2, 3] = value
        let error = #expect(throws: PlanError.self) { try Preprocessor(Plan()).networkReady(image: image) }
        #expect(error?.code == .voxelNotFinite)
        #expect(error?.description.contains("1 voxels") == true)
    }
}
