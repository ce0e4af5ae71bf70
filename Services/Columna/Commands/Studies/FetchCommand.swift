import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Messaging
import Operations
import Studies

/// `columna fetch`: asks for a study from an archive as a hospital does.
struct FetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Ask over AMQP for a study in an archive to be fetched and segmented.",
        discussion: """
            The archive is a node of the site file (COLUMNA_SITE of columna-ingestion), and the tenant must have it under pull-from.

            Examples:
              columna fetch 1.2.840.113619.2.3 --from pacs --tenant radiology --wait
              columna fetch 1.2.840.113619.2.3 --from web --tenant radiology --model spine@3
            """)

    @Argument(help: ArgumentHelp("Study Instance UID.", valueName: "uid"))
    var study: String

    @Option(name: .customLong("from"), help: ArgumentHelp("Name of the archive.", valueName: "node"))
    var source: String

    @Option(help: "Whose study it is: 1 to 63 of a-z, 0-9 and '-'.")
    var tenant: Tenant

    @Option(
        help: ArgumentHelp(
            "The model; the promoted version without @VERSION. The tenant's by the site file when left out.",
            valueName: "name[@version]"))
    var model: ModelReference?

    @Flag(help: "Repair the label map where that is unambiguous; the one before is kept.")
    var repair = false

    @Option(
        help: ArgumentHelp(
            "Where the vertebrae's names come from: network, or anatomy (default: anatomy).", valueName: "source"))
    var names: NameSource?

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.routine

    @Flag(help: "Wait until the study has ended and print its result; exit code 1 if it died.")
    var wait = false

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var printing: OutputOptions

    func validate() throws {
        guard wait || timeout.seconds == nil else { throw ValidationError("--timeout needs --wait") }
    }

    func run() async throws {
        let sender = IntakeSender(tenant: tenant, source: "columna/fetch", messageID: UUID().uuidString.lowercased())
        let request = StudyRequest(
            sender: sender, source: source, studyInstanceUID: study,
            order: StudyOrder(pipeline: .segment, model: model, repairs: repair ? true : nil, names: names),
            priority: priority)
        let asked = try AskedStudy(request)
        let system = try SystemConnection()
        try await system.submit(asked)
        guard wait else {
            printing.show(["message_id": JSONValue(sender.messageID), "tenant": JSONValue(tenant)]) {
                print("asked as message \(sender.messageID)")
            }
            return
        }
        remark("columna: asked as message \(sender.messageID)")
        try await StudyFollower(system, timeoutInSeconds: timeout.seconds).showResult(of: asked, printing)
    }
}
