import Console
import DICOMSeries
import Documents
import Foundation

/// Every file below folders, or files themselves: what is sent, or exported from.
enum DICOMFiles {
    /// Remarks which links were not followed.
    ///
    /// - Parameter body: gets the files, which are valid while it runs: those whose names are no UTF-8 are links in a
    ///   private folder.
    /// - Throws: `CommandFailure`, `DICOMError`.
    static func with<Result>(_ paths: [String], _ body: ([URL]) throws -> Result) throws -> Result {
        let listings = try paths.map(listing)
        return try withExtendedLifetime(listings) {
            try body(
                zip(paths, listings).flatMap { path, listing in (listing?.paths ?? [path]).map { URL(filePath: $0) } })
        }
    }

    /// Nil for a file.
    private static func listing(of path: String) throws -> FolderListing? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure(.badData, "there is no such file or folder: \(path)")
        }
        guard isFolder.boolValue else { return nil }
        let listing = try FolderListing(path)
        let links = listing.outsideLinks
        let notFollowed =
            links > 0
            ? "\(Wording.count(links, "symbolic link")) that lead out of the folder or nowhere not followed" : nil
        guard !listing.paths.isEmpty else {
            throw CommandFailure(
                .badData,
                "\(path): no files, and \(notFollowed ?? "nothing else"): give the folder that holds the files, or copies of them"
            )
        }
        if let notFollowed { remark("columna: \(notFollowed)") }
        return listing
    }
}
