import ArgumentParser
import Console
import DIMSE

/// The DICOM node a command talks to.
struct DICOMNodeOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Where the node listens.", valueName: "host:port"))
    var address: String

    @Option(help: ArgumentHelp("Title of the node.", valueName: "title"))
    var called = "ANY-SCP"

    @Option(help: ArgumentHelp("Our title; the node may have to know it.", valueName: "title"))
    var calling = "COLUMNA"

    @Option(help: ArgumentHelp("How long the node may be silent.", valueName: "seconds"))
    var timeout = 60

    func node() throws -> RemoteNode {
        let parts = address.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = Int(parts[1]) else {
            throw ValidationError("the node is HOST:PORT, got '\(address)'")
        }
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout is 1 to 86400 seconds, got \(timeout)")
        }
        let entity = try ApplicationEntity(title: called, host: String(parts[0]), port: port)
        return try RemoteNode(entity, callingTitle: calling, timeout: .seconds(timeout))
    }
}
