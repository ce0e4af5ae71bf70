package import JobEngine

/// What is kept in the database beside jobs, as its owner declares it: the store writes it in the transactions that end
/// jobs, and does not understand it.
package struct Bookkeeping: Sendable {
    /// What writes a fact, by its kind; in order. Each takes the job and the fact's JSON.
    package let facts: [String: [Statement]]
    /// Run, in order, when jobs have ended, whatever the end. Each takes the ids of those jobs.
    package let afterEnd: [Statement]
    /// The same when ended jobs were put back.
    package let afterReplay: [Statement]

    package init(facts: [String: [Statement]] = [:], afterEnd: [Statement] = [], afterReplay: [Statement] = []) {
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
}
