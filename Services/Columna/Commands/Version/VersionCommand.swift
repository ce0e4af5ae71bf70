import ArgumentParser
import Console
import DICOMSeries
import Documents
import Foundation
import Persistence
import TensorCore
import WorkerRuntime

/// `columna version`: what a report of a fault should name.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show the release, the schema it needs, its kernels and libraries.",
        discussion: """
            Where the migrations are not found, the schema is left open and the exit code is 78; the rest is shown.

            Example:
              columna version --json
            """)

    @OptionGroup var output: OutputOptions

    func run() throws {
        // An installation without its migrations is a fault that wants reporting: what else there is must be told.
        let schema = Result { try MigrationFolder(environment: ProcessInfo.processInfo.environment).version }
        let facts: [(name: String, value: String?)] = [
            ("release", CodeVersion.release),
            // As lineage has it: the digest tells builds apart.
            ("code version", CodeVersion.current),
            ("schema", (try? schema.get()).map { String($0) }),
            ("kernels", ProductKernel.built.map(\.rawValue).joined(separator: ", ")),
            ("OpenBLAS", BLAS.configuration),
            ("DICOM", DICOMReader.libraryVersions),
        ]
        output.show(.object(facts.map { ($0.lowercased().replacing(" ", with: "_"), JSONValue($1)) })) {
            var table = TextTable("fact", "value")
            for (name, value) in facts { table.add(name, value ?? "unknown") }
            print(table.text)
        }
        _ = try schema.get()
    }
}
