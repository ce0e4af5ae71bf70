import JobEngine
import Logging
import Operations
import Studies
import WorkerRuntime

/// Takes a model a step further from corrections to a better version: operations of the command line, asked for by a job.
struct LearnFromCorrectionsJob: JobHandler {
    private let resources: SystemResources
    private let log: Logger

    init(_ resources: SystemResources, log: Logger) { (self.resources, self.log) = (resources, log) }

    func run(_ job: JobContext, _ parameters: LearnFromCorrections) async throws -> Completion {
        let log = log
        let system = SystemConnection(resources, actor: "corrections of \(job.record.tenant)") { sentence in
            log.info("\(sentence)", metadata: ["job": "\(job.record.id)"])
        }
        return try await CorrectionSteps(system).run(parameters, of: job.record)
    }
}
