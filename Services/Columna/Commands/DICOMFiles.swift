import DICOM
import Foundation

/// Every file below a folder, or the file itself: what is sent, or exported from.
struct DICOMFiles {
    /// Valid as long as the value: files whose names are no UTF-8 are links in a private folder.
    let urls: [URL]
    /// Nil where there are none.
    let linksNotFollowed: String?
    private let listing: FolderListing?

    /// - Throws: `CommandFailure`, `DICOMError`.
    init(at path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure(.badData, "there is no such file or folder: \(path)")
        }
        let listing = isFolder.boolValue ? try FolderListing(path) : nil
        let links = listing?.outsideLinks ?? 0
        linksNotFollowed = links > 0 ? "\(Wording.count(links, "symbolic link")) that lead out of the folder or nowhere not followed" : nil
        guard listing?.paths.isEmpty != true else {
            throw CommandFailure(.badData, "\(path): no files, and \(linksNotFollowed ?? "nothing else"): give the folder that holds the files, or copies of them")
        }
        urls = (listing?.paths ?? [path]).map { URL(filePath: $0) }
        self.listing = listing
    }

    func withURLs<Result>(_ body: ([URL]) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(listing) { try body(urls) }
    }
}
