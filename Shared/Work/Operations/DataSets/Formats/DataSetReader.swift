import Foundation

/// Reads one format: no file is left out without a word. What is meant as a case and cannot be one is left out with its
/// reason, what there is nothing to learn from with a remark; where a whole folder is in a format of images that is not
/// read here, that is an error.
protocol DataSetReader {
    /// Whether a folder or file looks like it.
    static func recognises(_ place: URL) throws -> Bool

    /// Its cases, ordered by name. Blocks; throws `OperationError` (`badInput`).
    static func read(_ place: URL) throws -> DataSetContents
}
