import Faults
import ArgumentParser
import Console
import DIMSE
import Documents
import Foundation
import Threads

/// `columna dicom send`: files to a node, as they are.
struct DICOMSendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send DICOM files to a node (C-STORE).",
        discussion: """
            Each file goes in its own transfer syntax; nothing is recoded. Files that are no DICOM objects are passed over; those that are cut or
            damaged are not sent and named. The exit code is not 0 when the node does not have all objects.

            Example:
              columna dicom send pacs.example.org:104 study-folder --called PACS
            """)

    @OptionGroup var options: DICOMNodeOptions

    @Argument(help: "Files, or folders with everything in them.", completion: .file())
    var paths: [String]

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let node = try options.node()
        let paths = paths
        let progress = ProgressLine()
        let clock = Stopwatch()
        let outcomes = try await OwnThread.run {
            defer { progress.end() }
            return try DICOMFiles.with(paths) { files in
                try node.store(
                    files,
                    progress: { step in
                        progress.show(
                            Double(step.finishedFiles) / Double(step.totalFiles),
                            "\(step.finishedFiles) of \(step.totalFiles), \(step.finishedBytes >> 20) MiB")
                    })
            }
        }
        let sent = outcomes.filter { $0.error?.code != .notDICOM }
        guard !sent.isEmpty else {
            throw CommandFailure(
                .badData, "nothing to send: none of \(Wording.count(outcomes.count, "file")) is a DICOM object")
        }
        let failures = sent.compactMap { outcome in
            outcome.error.map { (error: $0, text: "\(outcome.file.relativePath): \($0)") }
        }
        let stored = sent.count - failures.count
        output.show([
            "sent": JSONValue(sent.count), "stored": JSONValue(stored),
            "passed_over": JSONValue(outcomes.count - sent.count),
            "seconds": JSONValue(clock.seconds), "failures": JSONValue(failures.map { JSONValue($0.text) }),
        ]) {
            print(
                "stored \(stored) of \(Wording.count(sent.count, "object")) in \(String(format: "%.2f", clock.seconds)) s"
            )
            if outcomes.count > sent.count {
                print(
                    "passed over \(Wording.count(outcomes.count - sent.count, "file that is no DICOM object", "files that are no DICOM objects"))"
                )
            }
            for failure in failures { print("not stored: \(failure.text)") }
        }
        guard let failure = failures.first else { return }
        throw CommandFailure(
            failure.error.isTransient ? .unavailable : .failed,
            "\(Wording.count(failures.count, "object")) not stored; the first: \(failure.text)")
    }
}
