package import Foundation
import Glibc
import Synchronization

/// A real Orthanc for tests, on free ports of the loopback interface, with everything it stores in a temporary folder.
/// Gone with this object, and also when the test process dies.
///
///     let orthanc = try OrthancServer(modalities: ["COLUMNA": provider.port])
///     orthanc.dicomPort, OrthancServer.title      // C-STORE, C-FIND, C-GET, C-MOVE
///     orthanc.dicomWebURL                         // QIDO-RS, WADO-RS, STOW-RS
package final class OrthancServer: Sendable {
    package static let title = "ORTHANC"
    package static let user = "columna"
    package static let password = "secret of a test"

    /// Debian's packages orthanc and orthanc-dicomweb are installed.
    package static var isInstalled: Bool {
        [program, plugin].allSatisfy { FileManager.default.fileExists(atPath: $0) }
    }

    private static let program = "/usr/sbin/Orthanc"
    private static let plugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"

    package let dicomPort: Int
    package let httpPort: Int
    package let folder: URL
    private let process: Process
    private let stop: Pipe

    package var dicomWebURL: URL { URL(string: "http://127.0.0.1:\(httpPort)/dicom-web")! }

    /// Starts it and waits until it answers on both ports.
    ///
    /// - Parameters:
    ///   - modalities: title and port on loopback of the nodes Orthanc knows: C-MOVE goes to these.
    ///   - needsPassword: HTTP asks for `user` and `password`.
    ///   - settings: more of Orthanc's configuration, over ours.
    package init(modalities: [String: Int] = [:], needsPassword: Bool = false, settings: [String: any Sendable] = [:])
        throws
    {
        folder = FileManager.default.temporaryDirectory.appending(path: "columna-orthanc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        dicomPort = try Self.freePort()
        httpPort = try Self.freePort()
        var configuration: [String: Any] = [
            "Name": "test", "StorageDirectory": folder.path, "IndexDirectory": folder.path, "HttpPort": httpPort,
            "DicomPort": dicomPort,
            "DicomAet": Self.title, "DicomCheckCalledAet": true, "RemoteAccessAllowed": false,
            "AuthenticationEnabled": needsPassword,
            "RegisteredUsers": [Self.user: Self.password], "Plugins": [Self.plugin],
            "DicomWeb": ["Enable": true, "Root": "/dicom-web/"],
            "DicomAlwaysAllowEcho": true, "DicomAlwaysAllowStore": true, "DicomAlwaysAllowFind": true,
            "DicomAlwaysAllowGet": true,
            "DicomAlwaysAllowMove": true, "SynchronousCMove": true, "StableAge": 1, "StorageCompression": false,
            "HttpVerbose": false,
            "DicomModalities": modalities.mapValues { $0 }.reduce(into: [String: [Any]]()) {
                $0[$1.key] = [$1.key, "127.0.0.1", $1.value]
            },
        ]
        configuration.merge(settings) { $1 }
        let file = folder.appending(path: "orthanc.json")
        try JSONSerialization.data(withJSONObject: configuration).write(to: file)
        stop = Pipe()
        process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        // The shell ends Orthanc at a line on its input, or at the input's end: that comes even if this process is
        // killed. It does not wait for it: Foundation starts processes with SIGCHLD blocked.
        process.arguments = [
            "-c", "\"$0\" \"$1\" >\"$2\" 2>&1 </dev/null & server=$!; read line; kill -9 $server", Self.program,
            file.path,
            folder.appending(path: "log").path,
        ]
        process.standardInput = stop
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try awaitAnswer()
    }

    deinit { shutDown() }

    /// Kills it in the middle of whatever it does.
    package func shutDown() {
        try? stop.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
        try? stop.fileHandleForWriting.close()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private func awaitAnswer() throws {
        let limit = ContinuousClock.now + .seconds(60)
        while ![dicomPort, httpPort].allSatisfy(Self.answers) {
            guard process.isRunning, ContinuousClock.now < limit else { throw NoAnswer(of: self) }
            usleep(20_000)
        }
    }

    private struct NoAnswer: Error, CustomStringConvertible {
        let description: String

        init(of server: OrthancServer) {
            let log = (try? String(contentsOf: server.folder.appending(path: "log"), encoding: .utf8)) ?? ""
            description =
                "Orthanc did not answer on ports \(server.dicomPort) and \(server.httpPort) within 60 s; its last words: "
                + log.split(separator: "\n").suffix(3).joined(separator: " | ")
        }
    }

    private static let given = Mutex<Set<Int>>([])

    /// A port of the loopback interface that nobody listens at and that is not given out again. It lies below those
    /// that the kernel gives to outgoing connections and to whoever binds to any port, so that no test beside this one
    /// takes it before its use.
    package static func freePort() throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: 12_000..<32_000)
            let isBindable = try withLoopbackSocket(port: port) {
                bind($0, $1, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
            if isBindable, given.withLock({ $0.insert(port).inserted }) { return port }
        }
        throw POSIXError(.EADDRNOTAVAIL)
    }

    private static func answers(_ port: Int) -> Bool {
        let connected = try? withLoopbackSocket(port: port) {
            connect($0, $1, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
        return connected ?? false
    }

    private static func withLoopbackSocket<Result>(port: Int, _ body: (Int32, UnsafePointer<sockaddr>) throws -> Result)
        throws -> Result
    {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { try body(descriptor, $0) }
        }
    }
}
