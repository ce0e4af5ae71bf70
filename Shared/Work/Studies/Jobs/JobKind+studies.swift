package import JobEngine

/// The kinds of jobs on studies. Each stage's are declared in a file of this folder, with the stage's list at its top:
/// a kind that stands there is known to the workers, to the database (`columna migrate` tells it the limits) and to
/// the contract (`Contract/schemas/common.schema.json`).
extension JobKind {
    package static let all = ingestion + preprocessing + training + inference + evaluation

    /// The kinds of a stage that this program knows.
    package static func known(of stage: Stage) -> [JobKind] { all.filter { $0.stage == stage } }
}

extension ClaimRequest {
    /// Of all kinds of the stage that this program knows.
    package init(
        stage: Stage, worker: String, limit: Int = 1, leaseInSeconds: Double = 120, codeVersion: String = ""
    ) {
        self.init(
            stage: stage, kinds: JobKind.known(of: stage), worker: worker, limit: limit, leaseInSeconds: leaseInSeconds,
            codeVersion: codeVersion)
    }
}
