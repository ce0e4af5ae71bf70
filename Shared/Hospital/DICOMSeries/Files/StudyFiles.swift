package import Foundation

/// The files of a study's folder that somebody else has found, wherever they can be opened now.
package struct StudyFiles: Sendable, Equatable {
    package var files: [URL]
    /// Where files lie below the folder, in bytes, parts separated by slashes: what a DICOMDIR refers to. In the order
    /// of the files, never shown.
    package var paths: [[UInt8]]
    /// Links beside them that led out of the folder and were left alone.
    package var outsideLinks: Int

    package init(files: [URL], paths: [[UInt8]], outsideLinks: Int) {
        self.files = files
        self.paths = paths
        self.outsideLinks = outsideLinks
    }
}
