import Anatomy
import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

struct CorrectionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List corrected label maps, newest first.",
        discussion: "Example:\n  columna corrections list --tenant radiology --json")

    @Option(help: "Only of this study: its id, or that of the message that submitted it.")
    var study: String?

    @Option(help: "Only this tenant's.")
    var tenant: Tenant?

    @Option(help: "At most so many.", in: .listed)
    var limit = 50

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        var one: StudyID?
        if let study { one = try await system.study(study) }
        let corrections = try await system.corrections(tenant: tenant, study: one, limit: limit)
        output.show(["corrections": JSONValue(corrections.map(\.document))]) {
            guard !corrections.isEmpty else {
                return print("No corrections: submit one with `columna corrections submit`.")
            }
            var table = TextTable(
                "correction", "study", "tenant", "when", "author", "state", "corrects", ">changed", "classes",
                "in data sets")
            for one in corrections {
                table.add(
                    one.job.description, one.study.description, one.tenant.rawValue, Wording.time(one.submittedAt),
                    Wording.text(one.author),
                    Self.state(one),
                    one.accepted.map { $0.parentModel?.rawValue ?? "ground truth" } ?? "",
                    one.accepted.map { "\($0.changedVoxels)" } ?? "", Self.classes(one),
                    (one.dataSets + one.heldOutOf.map { "held out of \($0)" }).joined(separator: ", "))
            }
            print(table.text)
        }
    }

    private static func state(_ one: Correction) -> String {
        if one.withdrawnAt != nil { return "withdrawn" }
        return one.state == .succeeded ? "accepted" : one.state.rawValue
    }

    private static func classes(_ one: Correction) -> String {
        let names = (one.accepted?.changedClasses ?? []).map { value in
            UInt8(exactly: value).flatMap { LabelSet.spine25.name(of: $0) } ?? "\(value)"
        }
        return names.count > 4
            ? "\(names.prefix(3).joined(separator: ", ")) and \(names.count - 3) more" : names.joined(separator: ", ")
    }
}
