/// What one object says about itself, without its pixels. Positions and directions are DICOM's: LPS+, millimetres.
struct SliceHeader: Sendable {
    var path: String
    var sopClass: String
    var instance: String
    var study: String
    var series: String
    var modality: String
    var imageTypes: [String]
    var layout: DICOMFile.PixelLayout
    var transferSyntax: String

    /// Centre of the first pixel.
    var position: SIMD3<Double>?
    /// Unit direction of growing column index, of growing row index.
    var orientation: [SIMD3<Double>]?
    /// Between rows, between columns.
    var pixelSpacing: [Double]?
    var sliceThickness: Double?
    var spacingBetweenSlices: Double?
    var gantryTilt: Double?
    var rescaleSlope: Double
    var rescaleIntercept: Double

    init(file: DICOMFile, path: String) {
        self.path = path
        sopClass = file.text(.sopClass) ?? file.text(.mediaStorageSOPClass) ?? ""
        instance = file.text(.sopInstance) ?? ""
        study = file.text(.studyInstance) ?? ""
        series = file.text(.seriesInstance) ?? ""
        modality = file.text(.modality) ?? (SOPClass.computedTomography.contains(sopClass) ? "CT" : "unknown")
        imageTypes = file.texts(.imageType).map { $0.uppercased() }
        layout = file.pixelLayout
        transferSyntax = file.transferSyntax
        position = file.vectors(.imagePosition, count: 1)?[0]
        orientation = file.vectors(.imageOrientation, count: 2)
        pixelSpacing = file.numbers(.pixelSpacing).flatMap { $0.count == 2 && $0.allSatisfy { $0 > 0 } ? $0 : nil }
        sliceThickness = file.numbers(.sliceThickness)?[0]
        spacingBetweenSlices = file.numbers(.spacingBetweenSlices)?[0]
        gantryTilt = file.numbers(.gantryTilt)?[0]
        rescaleSlope = file.numbers(.rescaleSlope)?[0] ?? 1
        rescaleIntercept = file.numbers(.rescaleIntercept)?[0] ?? 0
    }
}

extension SliceHeader {
    /// What the object is to somebody who wants a volume.
    enum Kind: Sendable, Hashable {
        case image
        case localizer
        case directory
        /// A picture of a report or a screen.
        case secondaryCapture
        /// Structured report, dose, structure set, segmentation, presentation state …
        case noImage
    }

    var kind: Kind {
        if sopClass == SOPClass.directory { return .directory }
        if SliceHeader.modalitiesWithoutImages.contains(modality) { return .noImage }
        let isComputedTomography = SOPClass.computedTomography.contains(sopClass)
        if !isComputedTomography && !layout.hasPixelData { return .noImage }
        if imageTypes.contains("LOCALIZER") { return .localizer }
        if sopClass.hasPrefix(SOPClass.secondaryCapture), position == nil { return .secondaryCapture }
        return .image
    }

    /// An image without series and without pixels ended inside its header.
    var isCutOff: Bool { kind == .image && series.isEmpty && !layout.hasPixelData }

    var isMultiFrame: Bool { layout.frames > 1 || SOPClass.multiFrame.contains(sopClass) }

    /// Objects of these may have pixels, but none of a patient's cross-section (PS3.3, C.7.3.1.1.1).
    private static let modalitiesWithoutImages: Set<String> = [
        "SR", "KO", "PR", "DOC", "SEG", "REG", "FID", "RWV", "PLAN", "AU", "ECG", "HD", "SMR", "STAIN", "M3D", "ANN", "CTPROTOCOL",
        "RTDOSE", "RTSTRUCT", "RTPLAN", "RTRECORD", "RTINTENT", "RTSEGANN", "RTRAD",
    ]
}

extension DICOMFile {
    /// `count` vectors of three numbers; nil where there are not exactly so many.
    fileprivate func vectors(_ tag: DICOMTag, count: Int) -> [SIMD3<Double>]? {
        guard let values = numbers(tag), values.count == 3 * count else { return nil }
        return (0..<count).map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
    }
}
