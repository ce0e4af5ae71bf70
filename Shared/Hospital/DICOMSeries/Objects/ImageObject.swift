import DICOMDictionary
import Foundation

/// What one file says about itself as a whole, without its pixels.
final class ImageObject: Sendable {
    let path: String
    let sopClass: String
    let instance: String
    let study: String
    let series: String
    let patient: PatientIdentity?
    let modality: String
    let imageTypes: [String]
    let layout: PixelLayout
    /// Whether the image is of grey values, as far as it says.
    let isGrey: Bool
    /// Whether frames are described by functional groups.
    let isMultiFrame: Bool
    let padding: ClosedRange<Int32>?
    let rescaleType: String?
    let gantryTilt: Double?
    /// The first attribute of the pixels that cannot be read.
    let problem: DICOMError?

    init(file: DICOMFile, path: String) {
        self.path = path
        sopClass = file.sopClass ?? ""
        instance = file.sopInstance ?? ""
        study = file.text(.studyInstance) ?? ""
        series = file.text(.seriesInstance) ?? ""
        patient = PatientIdentity(
            identifier: file.text(.patientIdentifier), name: file.text(.patientName), study: study)
        modality =
            file.text(.modality)
            ?? (SOPClass.computedTomography.contains(sopClass) ? "CT" : ImageObject.unknownModality)
        imageTypes = file.texts(.imageType).map { $0.uppercased() }
        layout = file.pixelLayout
        isGrey =
            layout.samplesPerPixel == 1
            && (file.text(.photometricInterpretation) ?? "MONOCHROME2").hasPrefix("MONOCHROME")
        isMultiFrame = layout.frames > 1 || SOPClass.multiFrame.contains(sopClass)
        var reader = NumberReader(path: path)
        if layout.hasPixelData { reader.check(layout) }
        padding = ImageObject.padding(file, layout, &reader)
        problem = reader.problem
        rescaleType = file.text(.rescaleType)
        gantryTilt = file.firstNumber(.gantryTilt)
    }

    /// The stored values that are padding (PS3.3, C.7.5.1.1.2). Writers state them unsigned for signed pixels and the
    /// other way round.
    private static func padding(_ file: DICOMFile, _ layout: PixelLayout, _ reader: inout NumberReader) -> ClosedRange<
        Int32
    >? {
        func stored(_ tag: AttributeTag) -> Int32? {
            guard let value = reader.one(tag, file.numbers(tag)), abs(value) < 65536 else { return nil }
            let bits = UInt16(truncatingIfNeeded: Int(value))
            return layout.isSigned ? Int32(Int16(bitPattern: bits)) : Int32(bits)
        }
        guard let value = stored(.pixelPaddingValue) else { return nil }
        let limit = stored(.pixelPaddingRangeLimit) ?? value
        return min(value, limit)...max(value, limit)
    }
}

extension ImageObject {
    /// What an object is to somebody who wants a volume.
    enum Kind: Sendable, Hashable {
        case image
        case localizer
        case directory
        /// A picture of a report or a screen.
        case secondaryCapture
        /// Structured report, dose, structure set, segmentation, presentation state …
        case noImage
    }

    func kind(imageTypes: [String], isPlaced: Bool) -> Kind {
        if sopClass == SOPClass.directory { return .directory }
        if ImageObject.modalitiesWithoutImages.contains(modality) { return .noImage }
        let isComputedTomography = SOPClass.computedTomography.contains(sopClass)
        if !isComputedTomography && !layout.hasPixelData { return .noImage }
        if imageTypes.contains(where: ImageObject.localizerTypes.contains) { return .localizer }
        if !isGrey || imageTypes.contains(where: ImageObject.screenTypes.contains) { return .secondaryCapture }
        if sopClass.hasPrefix(SOPClass.secondaryCapture), !isPlaced { return .secondaryCapture }
        return .image
    }

    static let unknownModality = "unknown"

    /// Whether the beginning of an object is enough to know that it is no slice: its class, its modality or its type.
    var saysThatItIsNoImage: Bool {
        sopClass == SOPClass.directory
            || SOPClass.withoutImages.contains { sopClass == $0 || sopClass.hasPrefix($0 + ".") }
            || ImageObject.modalitiesWithoutImages.contains(modality)
            || imageTypes.contains { ImageObject.localizerTypes.contains($0) || ImageObject.screenTypes.contains($0) }
    }

    /// An image without series and without pixels ended inside its header.
    func isCutOff(_ kind: Kind) -> Bool { kind == .image && series.isEmpty && !layout.hasPixelData }

    /// Objects of these may have pixels, but none of a patient's cross-section (PS3.3, C.7.3.1.1.1).
    private static let modalitiesWithoutImages: Set<String> = [
        "SR", "KO", "PR", "DOC", "SEG", "REG", "FID", "RWV", "PLAN", "AU", "ECG", "HD", "SMR", "STAIN", "M3D", "ANN",
        "CTPROTOCOL",
        "RTDOSE", "RTSTRUCT", "RTPLAN", "RTRECORD", "RTINTENT", "RTSEGANN", "RTRAD",
    ]

    /// Values of ImageType (0008,0008) by which vendors mark overviews …
    private static let localizerTypes: Set<String> = [
        "LOCALIZER", "SCOUT", "TOPOGRAM", "SCANOGRAM", "SCANOSCOPE", "SURVIEW",
    ]
    /// … and pictures of screens, protocols and dose tables that are sent as CT images.
    private static let screenTypes: Set<String> = [
        "SCREEN SAVE", "SCREENSAVE", "SCREEN", "SCREENSHOT", "DOSE", "DOSE_INFO", "DOSE INFO", "DOSE REPORT", "REPORT",
        "PROTOCOL",
        "PATIENT PROTOCOL", "CSA REPORT", "CSA BLACK IMAGE",
    ]
}
