import ArgumentParser
import DICOMSeries
import Foundation

/// `columna dicom …`: look into DICOM folders.
struct DICOMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dicom", abstract: "Describe and convert DICOM series; talk to DICOM nodes.",
        subcommands: [
            DICOMInfoCommand.self, DICOMConvertCommand.self, DICOMEchoCommand.self, DICOMSendCommand.self,
            DICOMListenCommand.self,
        ])
}

/// What is read, and how: the same for both commands.
struct DICOMInputOptions: ParsableArguments {
    @Argument(help: "DICOM folder, file, DICOMDIR or zip archive.", completion: .directory)
    var path: String

    @Option(help: ArgumentHelp("Hash of the series to read; needed where there are several.", valueName: "hash"))
    var series: String?

    @Option(help: "Where whole slices are missing: refuse, or interpolate linearly between their neighbours.")
    var missingSlices = SeriesPolicy.MissingSlices.refuse

    var location: URL { URL(filePath: path) }

    /// Blocks; see `OwnThread`.
    func read() throws -> DICOMSeries {
        try DICOMReader.readSeries(at: location, series: series, policy: SeriesPolicy(missingSlices: missingSlices))
    }
}

extension SeriesPolicy.MissingSlices: ExpressibleByArgument {}

/// What a reader decided, for people and for scripts.
enum DICOMPresentation {
    static func json(_ skipped: [SkippedObjects]) -> JSONValue {
        JSONValue(
            skipped.map { one in
                [
                    "kind": JSONValue(one.reason.rawValue), "modality": JSONValue(one.modality),
                    "count": JSONValue(one.count), "why": JSONValue(one.why),
                ]
            })
    }

    static func line(_ skipped: SkippedObjects) -> String { "\(skipped): \(skipped.why)" }
}
