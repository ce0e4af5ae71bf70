import Faults
package import JobEngine

/// What the work is, as its owner declares it: the kinds of jobs, and what the database keeps beside jobs. The store
/// writes that in the transactions that end jobs, and does not understand it.
package struct Bookkeeping: Sendable {
    /// Those that this program knows.
    package let kinds: [JobKind]
    /// What writes a fact, by its kind; in order. Each takes the job and the fact's JSON.
    package let facts: [String: [Statement]]
    /// Run, in order, when jobs have ended, whatever the end. Each takes the ids of those jobs.
    package let afterEnd: [Statement]
    /// The same when ended jobs were put back.
    package let afterReplay: [Statement]

    package init(
        kinds: [JobKind] = [], facts: [String: [Statement]] = [:], afterEnd: [Statement] = [],
        afterReplay: [Statement] = []
    ) {
        self.kinds = kinds
        self.facts = facts
        self.afterEnd = afterEnd
        self.afterReplay = afterReplay
    }

    /// - Throws: `JobStoreError`, `unknown-fact`.
    func queries(for facts: [Fact], of job: JobID) throws -> [Query] {
        try facts.flatMap { fact in
            guard let statements = self.facts[fact.kind] else {
                throw JobStoreError(
                    .unknownFact,
                    "nobody keeps facts of the kind \(fact.kind), expected one of \(self.facts.keys.sorted())")
            }
            return statements.map { $0(.uuid(job.uuid), .text(fact.json)) }
        }
    }

    func queries(afterEndOf jobs: [JobID]) -> [Query] { afterEnd.map { $0(.uuids(jobs.map(\.uuid))) } }
    package func queries(afterReplayOf jobs: [JobID]) -> [Query] { afterReplay.map { $0(.uuids(jobs.map(\.uuid))) } }

    /// A kind as it is declared; one that is not has the name and the stage alone.
    func kind(_ name: String, of stage: Stage) -> JobKind {
        kinds.first { $0.rawValue == name } ?? JobKind(name, of: stage)
    }
}
