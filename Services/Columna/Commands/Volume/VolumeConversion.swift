import ArgumentParser
import Console
import Documents
import Foundation
import Threads
import Volumes

/// What `volume convert` and `volume resample` share: where from, where to, as what; and telling what was decided.
struct VolumeConversion: ParsableArguments {
    @Argument(help: "NIfTI file, or DICOM folder or file.", completion: .file())
    var input: String

    @Argument(help: "Where to write: .nii or .nii.gz.", completion: .file())
    var target: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The same, by name.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Where i, j, k grow to, such as RAS or LPS; the input's own when left out.", valueName: "letters"))
    var orientation: String?

    @Flag(help: "The volume is a label map: whole numbers 0…255, kept as bytes.")
    var labels = false

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    /// What `resample` adds.
    struct Request: Sendable {
        let spacing: [Double]
        let interpolation: Interpolation
        let convention: ResamplingConvention
    }

    func validate() throws {
        guard let path = target ?? output, target == nil || output == nil else {
            throw ValidationError(
                target == nil
                    ? "name the file to write: columna volume … IN OUT"
                    : "the file to write is named twice: \(target ?? "") and --output")
        }
        guard ImageSource.isWritable(path) else {
            throw ValidationError("the file to write must end in .nii or .nii.gz, got '\(path)'")
        }
        if let orientation, Orientation(orientation) == nil {
            throw ValidationError("--orientation must be three letters such as RAS or LPS, got '\(orientation)'")
        }
    }

    /// Reads, reorients, resamples if asked to, writes, and tells what was done.
    func run(_ request: Request?) async throws {
        try OutputFile.requireWritable("the file to write", path)
        let command = self
        let progress = ProgressLine()
        let decisions = try await OwnThread.run { () -> VolumeDecisions in
            defer { progress.end() }
            if command.labels { return try command.convertLabels(request, progress) }
            return try request == nil && ImageSource.isNIfTI(command.input)
                ? command.convertFile(progress) : command.convertImage(request, progress)
        }
        if json { return print(decisions.json.text) }
        print(decisions.text)
    }

    private var path: String { target ?? output ?? "" }
    private var wanted: Orientation? { orientation.flatMap { Orientation($0) } }

    /// Bit by bit: nothing needs to know what the numbers are.
    private func convertFile(_ progress: ProgressLine) throws -> VolumeDecisions {
        let source = URL(filePath: input)
        let header = try NIfTI.readHeader(source)
        var decisions = VolumeDecisions(read: header.geometry, header: header, series: nil)
        if let wanted { decisions.turn(from: header.geometry.orientation, to: wanted) }
        progress.show(nil, "reading and writing")
        let written = try NIfTI.convert(source, to: URL(filePath: path), orientation: wanted)
        decisions.keep(header.voxelType)
        decisions.wrote(path, written)
        return decisions
    }

    private func convertImage(_ request: Request?, _ progress: ProgressLine) throws -> VolumeDecisions {
        progress.show(0, "reading")
        let header = ImageSource.isNIfTI(input) ? try NIfTI.readHeader(URL(filePath: input)) : nil
        let source = try ImageSource(input)
        var decisions = VolumeDecisions(read: source.volume.geometry, header: header, series: source.series)
        var volume = source.volume
        if let wanted {
            volume = volume.reoriented(to: wanted)
            decisions.turn(from: source.volume.geometry.orientation, to: wanted)
        }
        if let request {
            progress.show(0.3, "resampling")
            let plan = try self.plan(request, of: volume.geometry)
            volume = plan.image(volume, interpolation: request.interpolation)
            decisions.resample(plan, request, labels: false)
        }
        // Interpolated values are whole by chance only.
        let isExact = source.isInt16Exact && (request == nil || request?.interpolation == .nearest)
        progress.show(0.7, "writing")
        try ImageSource.write(volume, isInt16Exact: isExact, to: path)
        decisions.store(
            as: isExact ? .int16 : .float32, of: header?.voxelType,
            interpolated: request != nil && request?.interpolation != .nearest)
        decisions.wrote(path, volume.geometry)
        return decisions
    }

    private func convertLabels(_ request: Request?, _ progress: ProgressLine) throws -> VolumeDecisions {
        progress.show(0, "reading")
        let url = URL(filePath: input)
        let header = try NIfTI.readHeader(url)
        var volume = try NIfTI.readLabels(url)
        var decisions = VolumeDecisions(read: volume.geometry, header: header, series: nil)
        if let wanted {
            decisions.turn(from: volume.geometry.orientation, to: wanted)
            volume = volume.reoriented(to: wanted)
        }
        if let request {
            progress.show(0.3, "resampling")
            let plan = try self.plan(request, of: volume.geometry)
            volume = try plan.labels(volume, interpolation: request.interpolation)
            decisions.resample(plan, request, labels: true)
        }
        progress.show(0.7, "writing")
        try NIfTI.write(volume, to: URL(filePath: path))
        decisions.store(as: .uint8, of: header.voxelType, interpolated: false)
        decisions.wrote(path, volume.geometry)
        return decisions
    }

    private func plan(_ request: Request, of geometry: Geometry) throws -> Resampling {
        try Resampling(of: geometry, toSpacingInMillimetres: request.spacing, convention: request.convention)
    }
}
