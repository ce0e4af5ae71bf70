import Anatomy
import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Messaging
import Operations
import Studies

struct CorrectionsSubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Publish a corrected label map of a study over AMQP, as a hospital does.",
        discussion: """
            The file is read by the ingestion worker, as those of `columna submit`, and must be on the grid of the study's CT, label something and differ
            from what it corrects. Several corrections of one study are all kept; the newest is learned from. `columna segmentation import` makes a NIfTI
            file of a DICOM segmentation.

            Examples:
              columna corrections submit 0c5e… corrected.nii.gz --wait
              columna corrections submit hospital-0001 corrected.nii.gz --author "R. Meyer" --tenant radiology
            """)

    @Argument(help: "The study: its id, or that of the message that submitted it.")
    var study: String

    @Argument(
        help: "The corrected labels on the CT's grid (NIfTI, or a folder of one mask per vertebra).",
        completion: .file())
    var labels: String

    @Option(help: "Who corrected them. Kept in the database alone.")
    var author: String?

    @Option(
        help: ArgumentHelp(
            "What was corrected: the address of a label map of the study, or the job that made it. The newest segmentation when left out, else the ground truth.",
            valueName: "address|job"))
    var parent: String?

    @Option(
        help:
            "How the labels are numbered: spine (when left out), totalsegmentator-v1, totalsegmentator-v2, verse or monai-label."
    )
    var numbering: Numbering?

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.routine

    @Option(help: "Whose study it is: 1 to 63 of a-z, 0-9 and '-'.")
    var tenant: Tenant = "local"

    @Option(help: "Names the correction: a repeat with the same one changes nothing. A new one by default.")
    var messageID: String?

    @Flag(help: "Wait until it was accepted or refused; exit code 1 if it was refused.")
    var wait = false

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var printing: OutputOptions

    func validate() throws {
        guard wait || timeout.seconds == nil else { throw ValidationError("--timeout needs --wait") }
    }

    func run() async throws {
        let system = try SystemConnection()
        let messageID = messageID ?? UUID().uuidString.lowercased()
        let correction = StudyCorrection(
            sender: IntakeSender(tenant: tenant, source: "columna/corrections", messageID: messageID),
            study: try await system.study(study, of: tenant),
            labelPath: URL(filePath: labels).standardizedFileURL.path(percentEncoded: false),
            numbering: numbering?.rawValue, parent: parent, author: author, priority: priority)
        let asked = try AskedStudy(correction)
        try await system.submit(asked)
        guard wait else {
            printing.show(["message_id": JSONValue(messageID), "tenant": JSONValue(tenant)]) {
                print("submitted as message \(messageID)")
            }
            return
        }
        remark("columna: submitted as message \(messageID)")
        try await StudyFollower(system, timeoutInSeconds: timeout.seconds).showResult(of: asked, printing)
    }
}
