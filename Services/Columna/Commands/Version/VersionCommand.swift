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
        discussion: "Example:\n  columna version --json")

    @OptionGroup var output: OutputOptions

    func run() throws {
        let schema = try MigrationFolder(environment: ProcessInfo.processInfo.environment).version
        let facts = [
            ("release", CodeVersion.release),
            // As lineage has it: the digest tells builds apart.
            ("code version", CodeVersion.current),
            ("schema", String(schema)),
            ("kernels", ProductKernel.built.map(\.rawValue).joined(separator: ", ")),
            ("OpenBLAS", BLAS.configuration),
            ("DICOM", DICOMReader.libraryVersions),
        ]
        output.show(.object(facts.map { ($0.lowercased().replacing(" ", with: "_"), .string($1)) })) {
            var table = TextTable("fact", "value")
            for (name, value) in facts { table.add(name, value) }
            print(table.text)
        }
    }
}
