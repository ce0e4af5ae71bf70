package import DICOM
package import DeIdentification
package import JobEngine

/// How one tenant's studies are treated at the border.
package struct TenantPolicy: Sendable, Equatable {
    package var settling: SettlingPolicy
    /// What may be done to series that are no regular grid.
    package var series: SeriesPolicy
    /// The model that segments this tenant's studies where the request names none, `NAME` (its promoted version) or `NAME@VERSION`; nil: none does.
    package var model: String?
    package var priority: Priority
    /// Folders that this tenant's messages may name studies in; none by default.
    package var inputRoots: [String]
    /// Nodes that this tenant's messages may fetch from, and those that its results go to.
    package var sources: [String]
    package var destinations: [String]
    package var deidentification: DeIdentificationPolicy

    package init(
        settling: SettlingPolicy = SettlingPolicy(), series: SeriesPolicy = SeriesPolicy(), model: String? = nil, priority: Priority = .routine,
        inputRoots: [String] = [], sources: [String] = [], destinations: [String] = [], deidentification: DeIdentificationPolicy = .none
    ) {
        self.settling = settling
        self.series = series
        self.model = model
        self.priority = priority
        self.inputRoots = inputRoots
        self.sources = sources
        self.destinations = destinations
        self.deidentification = deidentification
    }

    init(_ reader: inout SiteReader) throws {
        let quiet = try reader.integer("quiet-seconds", in: 1...86_400, default: 60)
        let patience = try reader.integer("patience-seconds", in: quiet...604_800, default: max(900, quiet))
        settling = SettlingPolicy(quietInSeconds: Double(quiet), patienceInSeconds: Double(patience))
        series = SeriesPolicy(missingSlices: try reader.choice("missing-slices", default: .refuse))
        model = try reader.optionalText("model")
        if let model, model.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,63}(@[1-9][0-9]{0,8})?/) == nil {
            throw SiteError("\(reader.path).model", is: "'\(model)'", expected: "NAME or NAME@VERSION")
        }
        priority = try reader.choice("priority", default: Priority.routine)
        inputRoots = try reader.texts("input-roots")
        if let relative = inputRoots.first(where: { !$0.hasPrefix("/") }) {
            throw SiteError("\(reader.path).input-roots", is: "naming '\(relative)'", expected: "absolute paths of folders")
        }
        sources = try reader.texts("pull-from")
        destinations = try reader.texts("deliver-to")
        deidentification = try reader.optionalDecoded("de-identification", DeIdentificationPolicy.self) ?? .none
        try reader.refuseUnknown()
    }
}
