/// Unique identifiers of the classes of objects and services (PS3.4, B.5; PS3.6, annex A) that are told apart.
package enum SOPClass {
    package static let verification = "1.2.840.10008.1.1"
    package static let directory = "1.2.840.10008.1.3.10"
    /// Of queries and retrievals, study root.
    package static let find = "1.2.840.10008.5.1.4.1.2.2.1"
    package static let move = "1.2.840.10008.5.1.4.1.2.2.2"
    package static let get = "1.2.840.10008.5.1.4.1.2.2.3"

    package static let computedTomographyImage = storage + "2"
    /// CT, Enhanced CT, Legacy Converted Enhanced CT.
    package static let computedTomography = [computedTomographyImage, storage + "2.1", storage + "2.2"]
    /// Also the multi-frame one that is not "enhanced", 7.1 to 7.4.
    package static let secondaryCapture = storage + "7"
    package static let segmentation = storage + "66.4"
    package static let labelMapSegmentation = storage + "66.7"
    /// Enhanced CT, Legacy Converted Enhanced CT, and the same of MR and PET.
    package static let multiFrame = Set(["2.1", "2.2", "4.1", "4.4", "130", "128.1"].map { storage + $0 })
    /// Classes, or beginnings of several: waveforms, presentation states, registrations and the like, segmentations,
    /// structured reports, encapsulated documents; of radiotherapy dose, structures and plans.
    package static let withoutImages =
        [9, 11, 66, 67, 68, 79, 88, 104].map { storage + "\($0)" } + (2...25).map { storage + "481.\($0)" }

    /// What the classes of objects begin with.
    package static let storage = "1.2.840.10008.5.1.4.1.1."
}
