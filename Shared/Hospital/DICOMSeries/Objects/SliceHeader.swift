import DICOMDictionary
import Faults

/// What one frame says about itself, without its pixels: an object of classic CT is one frame, an enhanced one has
/// many. Positions and directions are DICOM's: LPS+, millimetres.
struct SliceHeader: Sendable {
    let object: ImageObject
    /// From 0.
    let frame: Int
    var imageTypes: [String]
    /// StackID (PS3.3, C.7.6.16.2.2): frames of different stacks may be parts of one grid or volumes of their own
    /// (`StackChoice`).
    var stack: String?

    /// Centre of the first pixel.
    var position: SIMD3<Double>?
    /// Unit direction of growing column index, of growing row index.
    var orientation: [SIMD3<Double>]?
    /// Between rows, between columns.
    var pixelSpacing: [Double]?
    var sliceThickness: Double?
    var spacingBetweenSlices: Double?
    /// Nil where the object states neither.
    var rescaleSlope: Double?
    var rescaleIntercept: Double?
    /// The first attribute of place or values that is there and cannot be read: such a slice is never taken for one
    /// without it.
    var problem: DICOMError?

    var path: String { object.path }
    var layout: PixelLayout { object.layout }
    var kind: ImageObject.Kind { object.kind(imageTypes: imageTypes, isPlaced: position != nil) }

    /// All frames of a file; one with nothing known where the object is no image.
    static func all(in file: DICOMFile, of object: ImageObject) throws(DICOMError) -> [SliceHeader] {
        guard object.isMultiFrame, object.layout.hasPixelData else { return [SliceHeader(file, object)] }
        let most = min(largestFrameCount, object.layout.mostFrames)
        guard object.layout.frames > 0, object.layout.frames <= most else {
            throw DICOMError(
                .tooLarge, "object states \(object.layout.frames) frames, expected 1 to \(most) in a file of its size",
                path: object.path)
        }
        return (0..<object.layout.frames).map { SliceHeader(file, object, frame: $0) }
    }

    private static let largestFrameCount = 100_000

    private init(_ file: DICOMFile, _ object: ImageObject) {
        self.object = object
        frame = 0
        imageTypes = object.imageTypes
        var reader = NumberReader(path: object.path)
        position = vectors(reader.list(.imagePosition, file.numbers(.imagePosition)), count: 1)?[0]
        orientation = vectors(reader.list(.imageOrientation, file.numbers(.imageOrientation)), count: 2)
        pixelSpacing = pair(reader.list(.pixelSpacing, file.numbers(.pixelSpacing)))
        sliceThickness = reader.one(.sliceThickness, file.numbers(.sliceThickness))
        spacingBetweenSlices = reader.one(.spacingBetweenSlices, file.numbers(.spacingBetweenSlices))
        rescaleSlope = reader.one(.rescaleSlope, file.numbers(.rescaleSlope), mayBeEmpty: false)
        rescaleIntercept = reader.one(.rescaleIntercept, file.numbers(.rescaleIntercept), mayBeEmpty: false)
        problem = object.problem ?? reader.problem
    }

    private init(_ file: DICOMFile, _ object: ImageObject, frame: Int) {
        // Multi-frame objects without functional groups say what holds for all frames once.
        func numbers(_ tag: AttributeTag, _ macro: AttributeTag) -> DICOMFile.Numbers {
            file.numbers(tag, frame: frame, macro: macro).otherwise(file.numbers(tag))
        }
        var reader = NumberReader(path: object.path)
        self.object = object
        self.frame = frame
        let types = AttributeTag.frameTypes.lazy.map { file.texts(.frameType, frame: frame, macro: $0) }.first {
            !$0.isEmpty
        }
        imageTypes = types?.map { $0.uppercased() } ?? object.imageTypes
        stack = file.text(.stackIdentifier, frame: frame, macro: .frameContent)
        let isAlone = object.layout.frames == 1
        let place = file.numbers(.imagePosition, frame: frame, macro: .planePosition)
        position =
            vectors(
                reader.list(.imagePosition, place.otherwise(isAlone ? file.numbers(.imagePosition) : .absent)), count: 1
            )?[0]
        orientation = vectors(reader.list(.imageOrientation, numbers(.imageOrientation, .planeOrientation)), count: 2)
        pixelSpacing = pair(reader.list(.pixelSpacing, numbers(.pixelSpacing, .pixelMeasures)))
        sliceThickness = reader.one(.sliceThickness, numbers(.sliceThickness, .pixelMeasures))
        spacingBetweenSlices = reader.one(.spacingBetweenSlices, numbers(.spacingBetweenSlices, .pixelMeasures))
        rescaleSlope = reader.one(.rescaleSlope, numbers(.rescaleSlope, .pixelValueTransformation), mayBeEmpty: false)
        rescaleIntercept = reader.one(
            .rescaleIntercept, numbers(.rescaleIntercept, .pixelValueTransformation), mayBeEmpty: false)
        problem = object.problem ?? reader.problem
    }
}

/// `count` vectors of three numbers; nil where there are not exactly so many.
private func vectors(_ values: [Double]?, count: Int) -> [SIMD3<Double>]? {
    guard let values, values.count == 3 * count else { return nil }
    return (0..<count).map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
}

/// Two positive numbers.
private func pair(_ values: [Double]?) -> [Double]? {
    values.flatMap { $0.count == 2 && $0.allSatisfy { $0 > 0 } ? $0 : nil }
}
