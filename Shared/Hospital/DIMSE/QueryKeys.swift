import DICOMDictionary

/// The identifier of a query: which study, series or object, and what to tell of it.
struct QueryKeys: Sendable {
    enum Level: String {
        case study = "STUDY"
        case series = "SERIES"
        case image = "IMAGE"
    }

    /// Empty values ask for the attribute.
    private(set) var values: [AttributeTag: String]

    /// The unique keys of the level; the level's own identifier is asked for where it is nil.
    init(level: Level, study: String, series: String? = nil, instance: String? = nil) {
        values = [.queryRetrieveLevel: level.rawValue, .studyInstance: study]
        if let series { values[.seriesInstance] = series } else if level != .study { values[.seriesInstance] = "" }
        if let instance { values[.sopInstance] = instance } else if level == .image { values[.sopInstance] = "" }
    }

    func asking(_ attribute: AttributeTag) -> QueryKeys {
        var asking = self
        asking.values[attribute] = ""
        return asking
    }

    /// In ascending order of tags, as a dataset must be.
    var sorted: [(attribute: AttributeTag, value: String)] {
        values.sorted { $0.key < $1.key }.map { (attribute: $0.key, value: $0.value) }
    }
}
