import DICOMSeeds
import Foundation
import Harness

enum Seeds {
    static func write(to folder: URL) throws {
        guard dicom_seeds(folder.path) != 0 else { Harness.stop("DCMTK cannot write the seeds to \(folder.path)") }
    }
}
