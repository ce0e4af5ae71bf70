import ArgumentParser
import Console
import DIMSE

/// The DICOM node a command talks to.
struct DICOMNodeOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Where the node listens.", valueName: "host:port"))
    var address: DICOMAddress

    @Option(help: ArgumentHelp("Title of the node.", valueName: "title"))
    var called: DICOMTitle = "ANY-SCP"

    @Option(help: ArgumentHelp("Our title; the node may have to know it.", valueName: "title"))
    var calling: DICOMTitle = "COLUMNA"

    @Option(help: ArgumentHelp("How long the node may be silent.", valueName: "seconds"), in: .from(1, to: 86_400))
    var timeout = 60

    func node() throws -> RemoteNode {
        let entity = try ApplicationEntity(title: called.text, host: address.host, port: address.port)
        return try RemoteNode(entity, callingTitle: calling.text, timeout: .seconds(timeout))
    }
}
