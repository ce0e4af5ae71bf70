import Faults
import Foundation
import Plans
import TestSupport
import Testing
import Volumes

/// The oracle is MONAI 1.6, whose transforms prepared the same case (Tests/Fixtures/foreground-crop/make.py).
@Suite struct TrainingCropTests {
    private var plan: Plan {
        var plan = Plan()
        plan.intensities = .monaiLabel
        plan.trainingCrop = .foreground
        plan.patch = [8, 8, 16]
        return plan
    }

    private static func file(_ name: String) -> URL { Fixtures.url("foreground-crop/\(name).nii.gz") }

    @Test(arguments: [(TrainingCrop.Source.image, "train"), (.label, "validate")])
    func aCaseIsCroppedAsMONAICropsIt(source: TrainingCrop.Source, expected: String) throws {
        let made = try Preprocessor(plan).trainingReady(
            image: NIfTI.readImage(Self.file("image")), label: NIfTI.readLabels(Self.file("label")), cropTo: source)
        let image = try NIfTI.readImage(Self.file("\(expected)-image"))
        let label = try NIfTI.readLabels(Self.file("\(expected)-label"))
        #expect(made.image.geometry.isSameGrid(as: image.geometry) && made.label.geometry == made.image.geometry)
        let largest = zip(made.image.voxels, image.voxels).map { abs($0 - $1) }.max()
        #expect(try #require(largest) < 1e-5)
        #expect(made.label.voxels == label.voxels)
    }

    /// The asymmetry that MONAI Label has: minimum and maximum are the box's in training and the image's elsewhere.
    @Test func inferenceNeverCrops() throws {
        var whole = plan
        whole.trainingCrop = .none
        let image = try NIfTI.readImage(Self.file("image"))
        let ready = try Preprocessor(plan).networkReady(image: image)
        #expect(ready.geometry.size == image.geometry.size)
        #expect(ready == (try Preprocessor(whole).networkReady(image: image)))
    }

    /// So that no evaluation takes a cropped case for the image it segments.
    @Test func aCroppedCaseIsNotWhatIsSegmented() throws {
        var whole = plan
        whole.trainingCrop = .none
        #expect(try plan.inferenceSignature() == whole.inferenceSignature())
        #expect(try whole.preprocessingSignature() == whole.inferenceSignature())
        #expect(try plan.preprocessingSignature() != plan.inferenceSignature())
        var larger = plan
        larger.patch = [16, 16, 16]
        #expect(try larger.preprocessingSignature() != plan.preprocessingSignature())
        #expect(try plan.preprocessingSignature(cropTo: .label) != plan.preprocessingSignature())
        #expect(try whole.preprocessingSignature(cropTo: .label) == whole.preprocessingSignature())
        #expect(try Plan(json: plan.json()) == plan)
        #expect(String(decoding: try whole.json(), as: UTF8.self).contains("trainingCrop") == false)
    }

    @Test func whatHasNoForegroundIsRefused() throws {
        let geometry = Geometry(size: [6, 6, 6], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5]))
        let (image, label) = (
            Volume<Float>(geometry: geometry, repeating: 0), Volume<UInt8>(geometry: geometry, repeating: 0)
        )
        for source in [TrainingCrop.Source.image, .label] {
            let error = #expect(throws: PlanError.self) {
                try Preprocessor(plan).trainingReady(image: image, label: label, cropTo: source)
            }
            #expect(error?.code == .emptyForeground)
        }
    }

    @Test func otherIntensitiesHaveNoMeanToCropBy() {
        var plan = plan
        plan.intensities = .spine
        let error = #expect(throws: PlanError.self) { try plan.validate() }
        #expect(error?.description.contains("needs intensities of scheme monaiLabel") == true)
    }
}
