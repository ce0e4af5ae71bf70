import ArgumentParser
import Volumes

struct VolumeConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a volume as NIfTI, its axes turned if wished. Voxels are kept exactly.",
        discussion: """
            Examples:
              columna volume convert dicom-folder ct.nii.gz
              columna volume convert ct.nii ct.nii.gz --orientation RAS
            """)

    @OptionGroup var conversion: VolumeConversion

    func run() async throws { try await conversion.run(nil) }
}
