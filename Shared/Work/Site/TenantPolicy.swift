package import DICOMSeries
package import DeIdentification
import Faults
package import JobEngine
package import Studies

/// How one tenant's studies are treated at the border.
package struct TenantPolicy: Sendable, Equatable {
    package var settling: SettlingPolicy
    /// What may be done to series that are no regular grid.
    package var series: SeriesPolicy
    /// The model that segments this tenant's studies where the request names none, `NAME` (its promoted version) or
    /// `NAME@VERSION`; nil: none does.
    package var model: ModelReference?
    package var priority: Priority
    /// Folders that this tenant's messages may name studies in; none by default.
    package var inputRoots: [String]
    /// Nodes that this tenant's messages may fetch from, and those that its results go to.
    package var sources: [String]
    package var destinations: [String]
    /// What becomes of a result that somebody should look at.
    package var onReview: ReviewPolicy
    package var deidentification: DeIdentificationPolicy
    /// Queues that its answers may go to, names or beginnings with `*`; nil: those that begin with the tenant's name
    /// and a full stop.
    package var replyQueues: [String]?

    /// What becomes of a segmentation that needs review, on its way to an archive.
    package enum ReviewPolicy: String, Sendable, CaseIterable {
        /// It waits until an operator releases it; then it goes out marked.
        case hold
        /// It goes out, and says in its descriptions that it needs review and why.
        case mark
        /// It goes out as any other.
        case deliver
    }

    package init(
        settling: SettlingPolicy = SettlingPolicy(), series: SeriesPolicy = SeriesPolicy(),
        model: ModelReference? = nil,
        priority: Priority = .routine,
        inputRoots: [String] = [], sources: [String] = [], destinations: [String] = [], onReview: ReviewPolicy = .mark,
        deidentification: DeIdentificationPolicy = .none,
        replyQueues: [String]? = nil
    ) {
        self.settling = settling
        self.series = series
        self.model = model
        self.priority = priority
        self.inputRoots = inputRoots
        self.sources = sources
        self.destinations = destinations
        self.onReview = onReview
        self.deidentification = deidentification
        self.replyQueues = replyQueues
    }

    init(_ reader: inout SiteReader) throws {
        let quiet = try reader.integer("quiet-seconds", in: 1...86_400, default: 60)
        let patience = try reader.integer("patience-seconds", in: quiet...604_800, default: max(900, quiet))
        settling = SettlingPolicy(quietInSeconds: Double(quiet), patienceInSeconds: Double(patience))
        series = SeriesPolicy(missingSlices: try reader.choice("missing-slices", default: .refuse))
        if let name = try reader.optionalText("model") {
            guard let reference = ModelReference(rawValue: name) else {
                throw SiteError("\(reader.path).model", is: "'\(name)'", expected: "NAME or NAME@VERSION")
            }
            model = reference
        }
        priority = try reader.choice("priority", default: Priority.routine)
        inputRoots = try reader.texts("input-roots")
        if let relative = inputRoots.first(where: { !$0.hasPrefix("/") }) {
            throw SiteError(
                "\(reader.path).input-roots", is: "naming '\(relative)'", expected: "absolute paths of folders")
        }
        sources = try reader.texts("pull-from")
        destinations = try reader.texts("deliver-to")
        onReview = try reader.choice("on-review", default: .mark)
        deidentification = try reader.optionalDecoded("de-identification", DeIdentificationPolicy.self) ?? .none
        replyQueues = try reader.optionalTexts("reply-queues")
        if let pattern = replyQueues?.first(where: {
            $0.isEmpty || $0 == "*" || $0.hasPrefix("columna.") || $0.dropLast().contains("*")
        }) {
            throw SiteError(
                "\(reader.path).reply-queues", is: "naming '\(pattern)'",
                expected: "names of the tenant's queues, or beginnings of them with * at the end")
        }
        try reader.refuseUnknown()
    }
}
