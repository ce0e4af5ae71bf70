/// A kind of job, as whoever owns the work declares it: its name, the stage whose workers run it, and what the queue
/// must know of it. Two kinds are the same when their names are.
///
/// One that a newer program declared is read from the store with its name and its stage; no worker of this program
/// claims it.
package struct JobKind: Sendable, Encodable {
    package let rawValue: String
    package let stage: Stage
    /// Roles of the artifacts that it takes of those that come from the jobs before it.
    package let inputs: Set<String>
    package let limits: KindLimits
    /// How long failures that others mend are tried.
    package let patienceInHours: Double

    package init(
        _ name: String, of stage: Stage, inputs: Set<String> = [], limits: KindLimits = KindLimits(),
        patienceInHours: Double = 24
    ) {
        rawValue = name
        self.stage = stage
        self.inputs = inputs
        self.limits = limits
        self.patienceInHours = patienceInHours
    }

    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
}

extension JobKind: Hashable {
    package static func == (one: JobKind, other: JobKind) -> Bool { one.rawValue == other.rawValue }
    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
