import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

/// `columna dataset check`: whether what is learned from can be right.
struct DatasetCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "List cases whose labels cannot be a spine, and cases that are missing.",
        discussion: """
            Labels are looked at when they are imported: vertebrae in the wrong order or swapped, levels missing between others, one label at two places or
            in pieces, volumes and distances out of proportion to the neighbours'. Vertebrae that the field of view cuts are remarked on with --all only. What
            was decided in reading the labels (a vertebra that spine-25 does not have) is told of each case that it concerns, and which cases were ordered and
            are not there, with the reason; those that the import left out because they are known to be broken, too.

            Exit code 1 when a case is flagged or missing, 0 when none is. One that is known to be broken is not missing.

            Examples:
              columna dataset check total
              columna dataset check total --json
            """)

    @Argument(help: "The data set's name.")
    var name: String

    @Flag(help: "With remarks, and how many cases have each vertebra.")
    var all = false

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let check = try await DataSetCheck(name, tenant: tenant, in: try SystemConnection())
        output.show(check.document) { printSentences(check) }
        if check.needsReview { throw ExitCode(1) }
    }

    private func printSentences(_ check: DataSetCheck) {
        for one in check.progress.missing {
            print(
                "\(one.name): \(one.state == .refused ? "not readable" : "failed"): \(one.reason ?? "no reason given")")
        }
        for one in check.progress.knownBroken {
            print("\(one.name): left out, known to be broken: \(one.reason ?? "no reason given")")
        }
        for one in check.cases {
            for finding in all ? one.check.findings : one.flags { print("\(one.name): \(finding.sentence)") }
            for decision in one.check.decisions { print("\(one.name): decided: \(decision)") }
        }
        if all {
            var table = TextTable("class", ">cases", ">whole")
            for one in check.classes { table.add(one.name, "\(one.cases)", "\(one.whole)") }
            print(table.text)
        }
        let absent = check.classes.filter { $0.cases == 0 }.map(\.name)
        if !absent.isEmpty, !check.cases.isEmpty { print("no case has \(absent.joined(separator: ", "))") }
        if !check.unchecked.isEmpty {
            print(
                "\(Wording.count(check.unchecked.count, "case")) came before labels were checked: import them anew with --replace"
            )
        }
        if let sentence = check.progress.sentence { print(sentence) }
        print("\(check.flagged.count) of \(Wording.count(check.cases.count, "checked case")) flagged")
    }
}
