import Anatomy
import DICOMSeries
import DICOMObjects
import DeIdentification
import LabelMaps
import JobEngine
import DICOMSegmentations
import Storage
import Volumes
import WorkerRuntime

extension JobFailure {
    /// What reading a study or its label came upon, under the library's own code (`missing-slice`, `not-nifti`), so
    /// that operators can list and replay by it. The libraries' wordings name no patient and no file.
    init(reading what: String, _ error: any Error) {
        switch error {
        case let failure as JobFailure: self = failure
        case let error as DICOMError:
            let failureClass: JobFailure.Class =
                switch error.code {
                case .memoryExhausted, .fileNotWritable: .resource
                case .internalFailure: .defect
                default: .data
                }
            self.init(class: failureClass, code: Self.code(error.code.rawValue), reason: "\(what): \(error)")
        case let error as DeIdentificationError:
            self.init(
                class: error.code == .unwritable ? .resource : .data,
                code: Self.code("de-identification-\(error.code.rawValue)"), reason: "\(what): \(error)")
        case let error as DICOMObjectError:
            // A full disk and a lack of memory are no fault of the object's.
            let isOurs = [.unwritable, .memoryExhausted, .unreadable].contains(error.code)
            self.init(
                class: isOurs ? .resource : .data, code: Self.code("dicom-\(error.code.rawValue)"),
                reason: "\(what): \(error)")
        case let error as SegmentationObjectError:
            self.init(class: .data, code: "segmentation-\(error.code.rawValue)", reason: "\(what): \(error)")
        // Storage and database say for themselves whether another try may do.
        case is StorageError, is any ClassifiedError: self.init(classifying: error)
        case let error as NumberingError:
            self.init(
                class: .data, code: "label-unknown",
                reason:
                    "\(what): \(error); say how it is numbered (`--numbering`, or numbering in the message), or renumber it first"
            )
        case let error as MaskFolderError: self.init(class: .data, code: "masks-unusable", reason: "\(what): \(error)")
        case let error as VolumeError:
            self.init(class: .data, code: Self.code(error.code.rawValue), reason: "\(what): \(error)")
        // Foundation's errors print paths: only their type is told. Opening may work another time.
        default:
            self.init(
                class: .transient, code: "\(what)-unreadable",
                reason: "\(what): an error of type \(type(of: error)) while opening it")
        }
    }

    /// Runs code of the imaging libraries; what it throws becomes a failure that names `what`.
    static func reading<Result>(_ what: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw JobFailure(reading: what, error) }
    }

    /// `missingSlice` as `missing-slice`, `notNIfTI` as `not-nifti`.
    private static func code(_ name: String) -> String {
        name.replacing("NIfTI", with: "Nifti").replacing("DICOM", with: "Dicom")
            .reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
    }
}
