import DICOMDictionary
import DICOMObjects

/// Attributes of the Segmentation IOD (PS3.3 A.51) that only this target names.
enum SegmentationTags {
    static let sharedGroups = AttributeTag(0x5200, 0x9229)
    static let perFrameGroups = AttributeTag(0x5200, 0x9230)
    static let dimensionIndexValues = AttributeTag(0x0020, 0x9157)
    static let segmentIdentification = AttributeTag(0x0062, 0x000a)
    static let referencedSegment = AttributeTag(0x0062, 0x000b)
    static let derivationImage = AttributeTag(0x0008, 0x9124)
    static let derivationCode = AttributeTag(0x0008, 0x9215)
    static let sourceImage = AttributeTag(0x0008, 0x2112)
    static let purposeOfReference = AttributeTag(0x0040, 0xa170)
    static let referencedFrame = AttributeTag(0x0008, 0x1160)
    static let spatialLocationsPreserved = AttributeTag(0x0028, 0x135a)
    static let referencedSeries = AttributeTag(0x0008, 0x1115)
    static let referencedInstances = AttributeTag(0x0008, 0x114a)
    static let segmentationType = AttributeTag(0x0062, 0x0001)
    static let segments = AttributeTag(0x0062, 0x0002)
    static let propertyCategory = AttributeTag(0x0062, 0x0003)
    static let segmentNumber = AttributeTag(0x0062, 0x0004)
    static let segmentLabel = AttributeTag(0x0062, 0x0005)
    static let segmentDescription = AttributeTag(0x0062, 0x0006)
    static let algorithmType = AttributeTag(0x0062, 0x0008)
    static let algorithmName = AttributeTag(0x0062, 0x0009)
    static let displayColour = AttributeTag(0x0062, 0x000d)
    static let propertyType = AttributeTag(0x0062, 0x000f)

    static let maximumFractionalValue = AttributeTag(0x0062, 0x000e)

    /// Of the modules Patient, General Study and Patient Study: required there, empty if need be (type 2).
    static let required: [AttributeTag] = [
        .studyDate, .studyTime, .accessionNumber, .referringPhysician, .patientName, .patientIdentifier,
        .patientBirthDate, .patientSex,
        .studyIdentifier,
    ]

    /// All that is taken over from the source images.
    static let copied: [AttributeTag] =
        required + [
            .studyDescription, .issuerOfPatientIdentifier, .patientAge,
            AttributeTag(0x0010, 0x1020), AttributeTag(0x0010, 0x1030), // size, weight
            .identityRemoved, .deidentificationMethod, .positionReference, .temporalInformationModified,
        ]
}
