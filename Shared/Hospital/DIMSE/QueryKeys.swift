/// The identifier of a query: which study, series or object, and what to tell of it.
struct QueryKeys: Sendable {
    enum Level: String {
        case study = "STUDY"
        case series = "SERIES"
        case image = "IMAGE"
    }

    /// In ascending order of tags, as a dataset must be.
    enum Attribute: UInt32, Comparable {
        case sopClass = 0x0008_0016
        case instance = 0x0008_0018
        case level = 0x0008_0052
        case modality = 0x0008_0060
        case study = 0x0020_000D
        case series = 0x0020_000E

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// Empty values ask for the attribute.
    private(set) var values: [Attribute: String]

    /// The unique keys of the level; the level's own identifier is asked for where it is nil.
    init(level: Level, study: String, series: String? = nil, instance: String? = nil) {
        values = [.level: level.rawValue, .study: study]
        if let series { values[.series] = series } else if level != .study { values[.series] = "" }
        if let instance { values[.instance] = instance } else if level == .image { values[.instance] = "" }
    }

    func asking(_ attribute: Attribute) -> QueryKeys {
        var asking = self
        asking.values[attribute] = ""
        return asking
    }

    var sorted: [(attribute: Attribute, value: String)] {
        values.sorted { $0.key < $1.key }.map { (attribute: $0.key, value: $0.value) }
    }
}
