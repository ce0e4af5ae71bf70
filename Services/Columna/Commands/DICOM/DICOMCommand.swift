import ArgumentParser

/// `columna dicom …`: look into DICOM folders.
struct DICOMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dicom", abstract: "Describe and convert DICOM series; talk to DICOM nodes.",
        subcommands: [
            DICOMInfoCommand.self, DICOMConvertCommand.self, DICOMEchoCommand.self, DICOMSendCommand.self,
            DICOMListenCommand.self,
        ])
}
