/// A data set that is no list of cases: they are made while a training goes on, each from a number of its own, so that
/// none comes twice and a run can be repeated. Named `phantom:KIND` where a data set's name is expected.
package enum GeneratedDataSet: String, Sendable, CaseIterable {
    /// The lumbar spine.
    case lumbarPhantoms = "phantom:lumbar"
    /// Any 240 mm of the spine.
    case phantomsAnywhere = "phantom:anywhere"
    /// Skull base to sacrum, at 2 mm.
    case wholeSpinePhantoms = "phantom:whole-spine"
    /// Real bones in bodies and scanners of random looks; each crop a scene of its own.
    case anatomicalScenes = "phantom:anatomical"
    /// The same with the bones and lines of a bank outside the program, which a setting names.
    case anatomicalScenesOfBank = "phantom:anatomical-bank"

    /// Cases that are kept for validation, the same ones in every run of a seed.
    package static let validationCases = 4

    /// The label set of anatomical scenes.
    package static let labelSetOfScenes = "spine-25"

    /// Whether its cases are anatomical scenes.
    package var isOfScenes: Bool { self == .anatomicalScenes || self == .anatomicalScenesOfBank }

    /// What generated data sets' names begin with; no other's may.
    package static let prefix = "phantom:"
}
