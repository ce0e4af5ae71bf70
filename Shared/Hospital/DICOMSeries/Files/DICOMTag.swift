/// Group and element of an attribute (PS3.6).
struct DICOMTag: Sendable, Hashable {
    var group: UInt16
    var element: UInt16

    init(_ group: UInt16, _ element: UInt16) {
        self.group = group
        self.element = element
    }
}

extension DICOMTag {
    static let mediaStorageSOPClass = DICOMTag(0x0002, 0x0002)
    static let mediaStorageSOPInstance = DICOMTag(0x0002, 0x0003)
    static let specificCharacterSet = DICOMTag(0x0008, 0x0005)
    static let imageType = DICOMTag(0x0008, 0x0008)
    static let sopClass = DICOMTag(0x0008, 0x0016)
    static let sopInstance = DICOMTag(0x0008, 0x0018)
    static let studyDate = DICOMTag(0x0008, 0x0020)
    static let studyTime = DICOMTag(0x0008, 0x0030)
    static let accessionNumber = DICOMTag(0x0008, 0x0050)
    static let modality = DICOMTag(0x0008, 0x0060)
    static let manufacturer = DICOMTag(0x0008, 0x0070)
    static let referringPhysician = DICOMTag(0x0008, 0x0090)
    static let seriesDescription = DICOMTag(0x0008, 0x103e)
    static let modelName = DICOMTag(0x0008, 0x1090)
    static let patientName = DICOMTag(0x0010, 0x0010)
    static let patientIdentifier = DICOMTag(0x0010, 0x0020)
    static let patientBirthDate = DICOMTag(0x0010, 0x0030)
    static let patientSex = DICOMTag(0x0010, 0x0040)
    static let sliceThickness = DICOMTag(0x0018, 0x0050)
    static let peakKilovoltage = DICOMTag(0x0018, 0x0060)
    static let spacingBetweenSlices = DICOMTag(0x0018, 0x0088)
    static let gantryTilt = DICOMTag(0x0018, 0x1120)
    static let convolutionKernel = DICOMTag(0x0018, 0x1210)
    static let patientPosition = DICOMTag(0x0018, 0x5100)
    static let studyInstance = DICOMTag(0x0020, 0x000d)
    static let seriesInstance = DICOMTag(0x0020, 0x000e)
    static let studyIdentifier = DICOMTag(0x0020, 0x0010)
    static let seriesNumber = DICOMTag(0x0020, 0x0011)
    static let acquisitionNumber = DICOMTag(0x0020, 0x0012)
    static let instanceNumber = DICOMTag(0x0020, 0x0013)
    static let imagePosition = DICOMTag(0x0020, 0x0032)
    static let imageOrientation = DICOMTag(0x0020, 0x0037)
    static let frameOfReference = DICOMTag(0x0020, 0x0052)
    static let positionReference = DICOMTag(0x0020, 0x1040)
    static let samplesPerPixel = DICOMTag(0x0028, 0x0002)
    static let photometricInterpretation = DICOMTag(0x0028, 0x0004)
    static let rows = DICOMTag(0x0028, 0x0010)
    static let columns = DICOMTag(0x0028, 0x0011)
    static let pixelSpacing = DICOMTag(0x0028, 0x0030)
    static let bitsAllocated = DICOMTag(0x0028, 0x0100)
    static let bitsStored = DICOMTag(0x0028, 0x0101)
    static let highBit = DICOMTag(0x0028, 0x0102)
    static let pixelRepresentation = DICOMTag(0x0028, 0x0103)
    static let windowCentre = DICOMTag(0x0028, 0x1050)
    static let windowWidth = DICOMTag(0x0028, 0x1051)
    static let pixelPaddingValue = DICOMTag(0x0028, 0x0120)
    static let pixelPaddingRangeLimit = DICOMTag(0x0028, 0x0121)
    static let burnedInAnnotation = DICOMTag(0x0028, 0x0301)
    static let rescaleIntercept = DICOMTag(0x0028, 0x1052)
    static let rescaleSlope = DICOMTag(0x0028, 0x1053)
    static let rescaleType = DICOMTag(0x0028, 0x1054)
}

/// Of multi-frame objects: functional groups (PS3.3, C.7.6.16) and what only they hold.
extension DICOMTag {
    static let frameContent = DICOMTag(0x0020, 0x9111)
    static let planePosition = DICOMTag(0x0020, 0x9113)
    static let planeOrientation = DICOMTag(0x0020, 0x9116)
    static let pixelMeasures = DICOMTag(0x0028, 0x9110)
    static let pixelValueTransformation = DICOMTag(0x0028, 0x9145)
    /// Of CT, MR and PET.
    static let frameTypes = [DICOMTag(0x0018, 0x9329), DICOMTag(0x0018, 0x9226), DICOMTag(0x0018, 0x9751)]
    static let frameType = DICOMTag(0x0008, 0x9007)
    static let stackIdentifier = DICOMTag(0x0020, 0x9056)
}
