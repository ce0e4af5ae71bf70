import ArgumentParser
import Console
import Foundation
import JobEngine
import Messaging
import Operations
import Studies

struct ArrivalsCompleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Say over AMQP that all of a study has been sent, or how many instances there are.",
        discussion: """
            Without it, quiet time decides (quiet-seconds of the tenant in the site file).

            Examples:
              columna arrivals complete 1.2.840.113619.2.3 --tenant radiology
              columna arrivals complete 1.2.840.113619.2.3 --tenant radiology --instances 312
            """)

    @Argument(help: ArgumentHelp("Study Instance UID.", valueName: "uid"))
    var study: String

    @Option(help: "Whose study it is: 1 to 63 of a-z, 0-9 and '-'.")
    var tenant: Tenant

    @Option(help: "How many SOP instances the study has in all.", in: .from(1, to: 100_000))
    var instances: Int?

    func run() async throws {
        let sender = IntakeSender(tenant: tenant, source: "columna/arrivals", messageID: UUID().uuidString.lowercased())
        let completion = StudyCompletion(sender: sender, studyInstanceUID: study, instanceCount: instances)
        try completion.checkedMessage()
        try await SystemConnection().complete(completion)
        print("published as message \(sender.messageID)")
    }
}
