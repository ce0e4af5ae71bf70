import Faults

/// A file that cannot be read as a whole, and what it has said of itself before its damage.
struct DamagedObject: Error {
    let reason: DICOMError
    let modality: String?
    /// Nil where the damage comes first.
    let series: String?
    /// False for what has said that it is none: a report, a localizer, a directory …
    let isImage: Bool

    init(_ reason: DICOMError, path: String) {
        self.reason = reason
        let isDamage = [.truncated, .corrupt, .tooLarge, .unsupportedEncoding].contains(reason.code)
        let object = isDamage ? DICOMFile.beforeDamage(path: path).map { ImageObject(file: $0, path: path) } : nil
        modality = object.flatMap { $0.modality == ImageObject.unknownModality ? nil : $0.modality }
        series = object.flatMap { $0.series.isEmpty ? nil : $0.series }
        isImage = object.map { !$0.saysThatItIsNoImage } ?? true
    }
}
