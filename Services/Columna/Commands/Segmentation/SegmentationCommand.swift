import ArgumentParser

/// `columna segmentation …`: label maps as DICOM objects and back.
struct SegmentationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segmentation", abstract: "Write label maps as DICOM segmentations, and read them.",
        subcommands: [SegmentationExportCommand.self, SegmentationImportCommand.self])
}
