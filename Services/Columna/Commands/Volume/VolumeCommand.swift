import ArgumentParser

/// `columna volume …`: look at volumes and change their form.
struct VolumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume", abstract: "Describe, convert and resample volumes.",
        subcommands: [VolumeInfoCommand.self, VolumeConvertCommand.self, VolumeResampleCommand.self])
}
