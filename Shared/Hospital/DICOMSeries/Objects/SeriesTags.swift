import DICOMDictionary

/// What is known about how a series was made; nothing that identifies a patient, a person or a place.
package struct SeriesTags: Sendable, Hashable, Codable {
    package var modality: String
    package var manufacturer: String?
    package var model: String?
    package var kilovolts: Double?
    package var sliceThicknessInMillimetres: Double?
    package var convolutionKernel: String?
    package var gantryTiltInDegrees: Double?
    package var windowCentre: Double?
    package var windowWidth: Double?
    /// Unique identifier of how the pixels were stored.
    package var transferSyntax: String
}

extension SeriesTags {
    init(file: DICOMFile, header: SliceHeader) {
        modality = header.object.modality
        manufacturer = file.text(.manufacturer)
        model = file.text(.modelName)
        kilovolts = file.firstNumber(.peakKilovoltage)
        sliceThicknessInMillimetres = header.sliceThickness
        convolutionKernel = file.text(.convolutionKernel)
        gantryTiltInDegrees = header.object.gantryTilt
        windowCentre = file.firstNumber(.windowCentre)
        windowWidth = file.firstNumber(.windowWidth)
        transferSyntax = header.layout.transferSyntax
    }
}
