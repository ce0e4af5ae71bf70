import AwkwardObjects
import DICOMSeeds
import Foundation
import Harness

/// Objects in all encodings and awkward ones; `objects` has a link to this file.
enum Seeds {
    static func write(to folder: URL) throws {
        guard dicom_seeds(folder.path) != 0 else { Harness.stop("DCMTK cannot write the seeds to \(folder.path)") }
        for kind in AwkwardObject.allCases { try kind.file().write(to: folder.appending(path: "\(kind.rawValue).dcm")) }
        try AwkwardObject.highThroughputFile(syntax: "1.2.840.10008.1.2.4.201").write(
            to: folder.appending(path: "high-throughput.dcm"))
    }
}
