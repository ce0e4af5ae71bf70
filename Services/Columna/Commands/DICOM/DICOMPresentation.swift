import DICOMSeries
import Documents

/// What a reader decided, for people and for scripts.
enum DICOMPresentation {
    static func json(_ skipped: [SkippedObjects]) -> JSONValue {
        JSONValue(
            skipped.map { one in
                [
                    "kind": JSONValue(one.reason.rawValue), "modality": JSONValue(one.modality),
                    "count": JSONValue(one.count), "why": JSONValue(one.why),
                ]
            })
    }

    static func line(_ skipped: SkippedObjects) -> String { "\(skipped): \(skipped.why)" }
}
