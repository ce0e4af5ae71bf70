import ArgumentParser
import Console
import DIMSE
import Threads

/// `columna dicom echo`: whether a node is there and takes us for whom we say.
struct DICOMEchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo", abstract: "Ask a DICOM node whether it is there (C-ECHO).",
        discussion: "Example:\n  columna dicom echo pacs.example.org:104 --called PACS --calling COLUMNA")

    @OptionGroup var options: DICOMNodeOptions

    func run() async throws {
        let node = try options.node()
        let seconds = try await OwnThread.run {
            let clock = Stopwatch()
            try node.echo()
            return clock.seconds
        }
        print("\(node.entity.title) at \(options.address) answers in \(Int((seconds * 1000).rounded(.up))) ms")
    }
}
