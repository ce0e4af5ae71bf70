import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import Studies

struct ArrivalsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List arrivals, the newest first.",
        discussion: """
            open: instances come. settling: the sender has hung up, or said how many there will be. complete: a study was made of it.
            superseded: an instance came later, and the next revision replaces it.

            Examples:
              columna arrivals
              columna arrivals list --state open --tenant radiology --json
            """)

    @Option(help: "Only this tenant's.")
    var tenant: Tenant?

    @Option(help: "Only in this state: open, settling, complete or superseded. May be repeated.")
    var state: [ArrivalState] = []

    @Option(help: "At most so many.", in: .listed)
    var limit = 50

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let found = try await SystemConnection().arrivals(
            tenant: tenant, states: state.isEmpty ? nil : Set(state), limit: limit)
        output.show(["arrivals": JSONValue(found.map(\.document))]) {
            guard !found.isEmpty else {
                return print("No study has arrived\(state.isEmpty && tenant == nil ? "" : " that fits").")
            }
            var table = TextTable(
                "study key", "tenant", ">revision", "state", ">instances", "last instance", "ended by", "study")
            for one in found {
                let count = one.expectedCount.map { "\(one.instanceCount) of \($0)" } ?? "\(one.instanceCount)"
                table.add(
                    one.studyKey, one.tenant.rawValue, "\(one.revision)", one.state.rawValue, count,
                    Wording.text(one.lastInstanceAt?.formatted(.iso8601)),
                    Wording.text(one.signal?.rawValue), Wording.text(one.study?.description))
            }
            print(table.text)
        }
    }
}

extension ArrivalState: DescribedArgument {}
