/// Which version of a computation results are of. Raised by hand whenever equal inputs give other figures or label
/// maps; what was made by an earlier one is made anew then. The executables' own digests stand with the jobs' attempts.
package enum Revision {
    package static let metrics = 1
    package static let segmentation = 2

    /// What an evaluation names as its code version, for a release of the program.
    package static func codeVersion(release: String) -> String {
        "\(release)+segmentation.\(segmentation).metrics.\(metrics)"
    }
}
