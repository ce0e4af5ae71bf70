import ArgumentParser
import Console
import DICOMSeries
import Foundation

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

extension SeriesPolicy.MissingSlices: DescribedArgument {}
