import Anatomy
import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Messaging
import Operations
import Studies
import Threads

/// `columna submit`: publishes a study as a hospital does.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Publish a study over AMQP, as a hospital does.",
        discussion: #"""
            The path is read by the ingestion worker and must lie inside its COLUMNA_INPUT_ROOTS or, where its site file names
            tenants, inside the tenant's input-roots there. The same --message-id twice is one study.

            Examples:
              columna submit /data/in/study-17 --model spine --wait
              columna submit ct.nii.gz --label labels.nii.gz --wait -o result
              columna submit ct.nii.gz --label verse.nii.gz --numbering verse
              columna submit ct --label labels.nii.gz --pipeline import \
                --data-set lumbar --case case-0001
            """#)

    @Argument(help: "DICOM folder or file, or NIfTI file.", completion: .file())
    var path: String

    @Option(
        help: ArgumentHelp(
            "Ground truth on the CT's grid (NIfTI, or a folder of one mask per vertebra): the result is evaluated against it.",
            valueName: "file"))
    var label: String?

    @Option(
        help:
            "How the label is numbered: spine (when left out), totalsegmentator-v1, totalsegmentator-v2, verse or monai-label."
    )
    var numbering: Numbering?

    @Option(help: "Which way the study takes: segment or import.")
    var pipeline = PipelineName.segment

    @Option(
        help: ArgumentHelp(
            "The model; the promoted version without @VERSION. The tenant's by the site file when left out.",
            valueName: "name[@version]"))
    var model: ModelReference?

    @Option(help: "For the pipeline import: the data set the case belongs to.")
    var dataSet: String?

    @Option(name: .customLong("case"), help: "For the pipeline import: the pseudonym of the case.")
    var caseName: String?

    @Flag(help: "Leave out windows that hold only air; what they cover alone is background.")
    var skipAir = false

    @Flag(
        help:
            "Mend what leaves no doubt: crumbs, pieces of a neighbour, swapped neighbours. The map before and the steps are kept."
    )
    var repair = false

    @Option(
        help: ArgumentHelp(
            "Where the vertebrae's names come from: network, or anatomy: what fits best along the whole spine (default: anatomy).",
            valueName: "source"))
    var names: NameSource?

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.routine

    @Option(help: "Who sends: 1 to 63 of a-z, 0-9 and '-'.")
    var tenant: Tenant = "local"

    @Option(
        help: ArgumentHelp(
            "Hash of the wanted series where the folder holds several (see `columna dicom info`).", valueName: "hash"))
    var series: String?

    @Option(
        help:
            "Names the study: a repeat with the same one changes nothing, and one that asks for something else is refused. A new one by default."
    )
    var messageID: String?

    @Option(
        help: ArgumentHelp("A queue that gets the answers: accepted or refused, and the result.", valueName: "queue"))
    var reply: String?

    @Flag(help: "Wait until the study has ended and print its result; exit code 1 if it died.")
    var wait = false

    @OptionGroup var timeout: TimeoutOption

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "With --wait: copy the label map, the picture and the metrics into this folder.", valueName: "folder"))
    var output: String?

    @OptionGroup var printing: OutputOptions

    func validate() throws {
        guard numbering == nil || label != nil else {
            throw ValidationError("--numbering says how the labels of --label are numbered: name them")
        }
        guard wait || (output == nil && timeout.seconds == nil) else {
            throw ValidationError("--output and --timeout need --wait")
        }
    }

    func run() async throws {
        let messageID = messageID ?? UUID().uuidString.lowercased()
        let asked = try AskedStudy(submission(messageID))
        let system = try SystemConnection()
        let folder = output.map { URL(filePath: $0, directoryHint: .isDirectory) }
        // Now, and not when the study has been segmented.
        if let folder {
            try await OwnThread.run {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
        }
        try await system.submit(asked)
        guard wait else {
            printing.show(["message_id": JSONValue(messageID), "tenant": JSONValue(tenant)]) {
                print("submitted as message \(messageID)")
            }
            return
        }
        remark("columna: submitted as message \(messageID)")
        let follower = StudyFollower(system, timeoutInSeconds: timeout.seconds)
        try await follower.showResult(of: asked, printing) { report in
            guard let folder else { return }
            try await report.copyResults(to: folder)
            remark("columna: copied the results into \(folder.path(percentEncoded: false))")
        }
    }

    private func submission(_ messageID: String) -> StudySubmission {
        StudySubmission(
            sender: IntakeSender(tenant: tenant, source: "columna/submit", messageID: messageID, replyTo: reply),
            order: StudyOrder(
                pipeline: pipeline, model: model, dataSet: dataSet, caseName: caseName, skipsAir: skipAir ? true : nil,
                repairs: repair ? true : nil, names: names),
            priority: priority,
            path: absolute(path), labelPath: label.map(absolute), numbering: numbering?.rawValue, series: series)
    }

    private func absolute(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    }
}
