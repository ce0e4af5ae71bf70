/// Unique identifiers of the classes of objects (PS3.4, B.5) that are told apart.
enum SOPClass {
    static let directory = "1.2.840.10008.1.3.10"
    static let computedTomographyImage = "1.2.840.10008.5.1.4.1.1.2"
    /// Also the multi-frame one that is not "enhanced", 7.1 to 7.4.
    static let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7"
    /// Enhanced CT, Legacy Converted Enhanced CT, and the same of MR and PET.
    static let multiFrame: Set<String> = [
        "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2", "1.2.840.10008.5.1.4.1.1.4.1",
        "1.2.840.10008.5.1.4.1.1.4.4",
        "1.2.840.10008.5.1.4.1.1.130", "1.2.840.10008.5.1.4.1.1.128.1",
    ]
    /// Classes, or beginnings of several: waveforms, presentation states, registrations and the like, segmentations,
    /// structured reports, encapsulated documents; of radiotherapy dose, structures and plans.
    static let withoutImages =
        [9, 11, 66, 67, 68, 79, 88, 104].map { "1.2.840.10008.5.1.4.1.1.\($0)" }
        + (2...25).map { "1.2.840.10008.5.1.4.1.1.481.\($0)" }
    static let computedTomography: Set<String> = [
        computedTomographyImage, "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2",
    ]
}
