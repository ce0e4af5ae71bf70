/// What the queue knows of a kind of job: its name, the stage whose workers run it, and how it is treated. Two kinds are
/// the same when their names are. Whoever owns the work declares it, with its parameters, as a ``JobDefinition``.
///
/// One that a newer program declared is read from the store with its name and its stage; no worker of this program
/// claims it.
package struct JobKind: Sendable, Encodable {
    package let rawValue: String
    package let stage: Stage
    /// The artifacts that it takes of those that come from the jobs before it.
    package let inputs: Set<ArtifactKind>
    package let limits: KindLimits
    /// How long failures that others mend are tried.
    package let patienceInHours: Double
    /// Whether its handler ends early, with what it has by then, when an operator asks for it (`JobContext.isAskedToFinish`).
    package let finishesOnRequest: Bool

    package init(
        _ name: String, of stage: Stage, inputs: Set<ArtifactKind> = [], limits: KindLimits = KindLimits(),
        patienceInHours: Double = 24, finishesOnRequest: Bool = false
    ) {
        rawValue = name
        self.stage = stage
        self.inputs = inputs
        self.limits = limits
        self.patienceInHours = patienceInHours
        self.finishesOnRequest = finishesOnRequest
    }

    package func takes(_ artifact: ArtifactReference) -> Bool { inputs.contains { $0.role == artifact.role } }

    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
}

extension JobKind: Hashable {
    package static func == (one: JobKind, other: JobKind) -> Bool { one.rawValue == other.rawValue }
    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
