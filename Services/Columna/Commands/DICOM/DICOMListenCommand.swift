import ArgumentParser
import Console
import DIMSE
import Dispatch
import Documents
import Foundation
import Studies
import Threads

/// `columna dicom listen`: keeps what scanners send.
struct DICOMListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen", abstract: "Keep what DICOM nodes send (C-STORE) in a folder, until interrupted.",
        discussion: """
            Each object becomes a file named by its SOP instance UID, byte for byte as it was sent; an object that comes again takes the place of the
            file. The sender is told of success only when a power cut could not take the file any more. SIGINT and SIGTERM let running transfers
            finish for --grace seconds.

            Example:
              columna dicom listen --folder incoming --port 11112 --ae-title COLUMNA --caller SCANNER1
            """)

    @Option(help: ArgumentHelp("Where objects go; made if it is missing.", valueName: "folder"), completion: .directory)
    var folder: String

    @Option(help: "Port to listen at; 0 for any that is free.", in: .from(0, to: 65_535))
    var port = 11112

    @Option(help: ArgumentHelp("Numeric IPv4 address to listen at.", valueName: "address"))
    var bind = "0.0.0.0"

    @Option(name: .customLong("ae-title"), help: ArgumentHelp("Our title; callers must use it.", valueName: "title"))
    var title: DICOMTitle = "COLUMNA"

    @Option(
        help: ArgumentHelp(
            "Title that may call; may be given several times. Without it everybody may.", valueName: "title"))
    var caller: [DICOMTitle] = []

    @Option(help: "Callers at a time.", in: .from(1, to: 1000))
    var associations = 16

    @Option(help: "Seconds that running transfers have to finish.", in: .from(0, to: 3600))
    var grace = 20

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let url = URL(filePath: folder, directoryHint: .isDirectory)
        let inbox = try InstanceInbox(folder: url)
        let (ours, callers) = (title.text, Set(caller.map(\.text)))
        let progress = ProgressLine()
        let configuration = StorageProvider.Configuration(
            title: ours, bindAddress: bind, port: port, maximumAssociations: associations, folder: inbox.incoming)
        let provider = try StorageProvider(
            configuration,
            admit: { request in
                guard request.calledTitle == ours else { return .rejected(.calledTitleNotRecognized) }
                return callers.isEmpty || callers.contains(request.callingTitle)
                    ? .accepted : .rejected(.callingTitleNotRecognized)
            },
            receive: { instance in
                let status = inbox.keep(instance)
                let count = inbox.count
                progress.show(
                    nil,
                    "\(Wording.count(count.objects, "object")), \(count.bytes >> 20) MiB, the latest from \(instance.callingTitle)"
                )
                return status
            },
            observe: { event in
                switch event.kind {
                case .rejected, .ended: progress.note("columna: \(event)")
                default: break
                }
            })
        try provider.start()
        remark("columna: \(ours) listens at \(bind):\(provider.port ?? port); interrupt to end")
        await Self.interruption()
        let seconds = grace
        await OwnThread.run { provider.stop(gracePeriod: .seconds(seconds)) }
        progress.end()
        inbox.close()
        let count = inbox.count
        output.show([
            "objects": JSONValue(count.objects), "bytes": JSONValue(count.bytes), "failed": JSONValue(count.failed),
        ]) {
            print(
                "kept \(Wording.count(count.objects, "object")), \(count.bytes >> 20) MiB"
                    + (count.failed > 0 ? "; \(count.failed) could not be written" : ""))
        }
    }

    /// Waits for SIGINT or SIGTERM, which no longer end the process.
    private static func interruption() async {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
        for await _ in signals { break }
        sources.forEach { $0.cancel() }
    }
}
