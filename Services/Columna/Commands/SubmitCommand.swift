import ArgumentParser
import Foundation
import JobEngine
import Messaging

/// `columna submit`: publishes a study as a hospital does.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Publish a study over AMQP, as a hospital does.",
        discussion: #"""
            The path is read by the ingestion worker and must lie inside its COLUMNA_INPUT_ROOTS. The same --message-id twice is one study.

            Examples:
              columna submit /data/in/study-17 --model spine --wait
              columna submit ct.nii.gz --label labels.nii.gz --wait --json
              columna submit ct --label labels.nii.gz --pipeline import \
                --data-set lumbar --case case-0001
            """#)

    @Argument(help: "DICOM folder or file, or NIfTI file.", completion: .file())
    var path: String

    @Option(help: ArgumentHelp("Ground truth on the CT's grid (NIfTI): the result is evaluated against it.", valueName: "file"))
    var label: String?

    @Option(help: "Which way the study takes: segment or import.")
    var pipeline = PipelineName.segment

    @Option(help: ArgumentHelp("The model; the promoted version without @VERSION.", valueName: "name[@version]"))
    var model: String?

    @Option(help: "For the pipeline import: the data set the case belongs to.")
    var dataSet: String?

    @Option(name: .customLong("case"), help: "For the pipeline import: the pseudonym of the case.")
    var caseName: String?

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.routine

    @Option(help: "Who sends: 1 to 63 of a-z, 0-9 and '-'.")
    var tenant = "local"

    @Option(help: ArgumentHelp("Hash of the wanted series where the folder holds several (see `columna dicom info`).", valueName: "hash"))
    var series: String?

    @Option(help: "Names the study: a repeat with the same one changes nothing. A new one by default.")
    var messageID: String?

    @Option(help: ArgumentHelp("A queue that gets the final result.", valueName: "queue"))
    var reply: String?

    @Flag(help: "Wait until the study has ended and print its result; exit code 1 if it died.")
    var wait = false

    @Option(help: ArgumentHelp("With --wait: give up after so long (exit code 75).", valueName: "seconds"))
    var timeout: Double?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let messageID = messageID ?? UUID().uuidString.lowercased()
        let submission = try checkedSubmission(messageID)
        switch try await system.publish(submission.message(source: "columna/submit")) {
        case .confirmed: break
        case .returned(let reason):
            throw CommandFailure(.unavailable, "no queue takes studies (\(reason)): run `columna migrate` to declare the topology")
        case .rejected: throw CommandFailure(.unavailable, "the intake queue is full: submit again later with --message-id \(messageID)")
        }
        guard wait else {
            output.show(["message_id": JSONValue(messageID), "tenant": JSONValue(tenant)]) { print("submitted as message \(messageID)") }
            return
        }
        remark("columna: submitted as message \(messageID)")
        try await showResult(messageID, system)
    }

    /// The message decoded again, so that what ingestion would refuse is a usage error here.
    private func checkedSubmission(_ messageID: String) throws -> StudySubmission {
        let submission = StudySubmission(
            tenant: tenant, messageID: messageID,
            order: StudyOrder(pipeline: pipeline, model: model, dataSet: dataSet, caseName: caseName), priority: priority,
            path: absolute(path), labelPath: label.map(absolute), series: series, replyTo: reply)
        let message = try submission.message(source: "columna/submit")
        do {
            _ = try IntakeDecoder.decode(body: message.body, routingKey: message.routingKey, message.properties)
        } catch {
            throw CommandFailure(.usage, "this study would be refused: \(error)")
        }
        return submission
    }

    private func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path(percentEncoded: false) }

    private func showResult(_ messageID: String, _ system: SystemConnection) async throws {
        let follower = StudyFollower(system, timeoutInSeconds: timeout)
        let study = try await follower.study(ofMessage: messageID, tenant: tenant)
        let state = try await follower.follow(study)
        follower.progress.end()
        let report = try await StudyReport(study, in: system)
        output.show(report.json(system)) { report.show(system) }
        guard state == .succeeded else {
            let reason = report.failures.last?.failure.map(\.description) ?? "it was \(state.rawValue)"
            throw CommandFailure(.failed, "the study did not succeed: \(reason)")
        }
    }
}

extension PipelineName: ExpressibleByArgument {}
extension Priority: ExpressibleByArgument {}
extension Stage: ExpressibleByArgument {}
extension JobState: ExpressibleByArgument {}

extension JobID: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
