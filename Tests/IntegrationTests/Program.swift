import Foundation
import JobEngine

/// The executable that was built with these tests.
enum Program {
    struct Result {
        let status: Int
        let output: String
        let errors: String
    }

    static let executable = RunningSystem.buildFolder.appending(path: "columna")
    static let benchmarks = RunningSystem.buildFolder.appending(path: "columna-bench")

    /// By a shell, in which the program is `"$0"`: for arguments that no Swift string can hold.
    static func run(script: String, in folder: URL) throws -> Result {
        try run(URL(filePath: "/bin/sh"), ["-c", script, executable.path], in: folder, input: "")
    }

    static func run(
        _ arguments: [String], of program: URL = executable, in folder: URL = FileManager.default.temporaryDirectory,
        input: String = "", environment: [String: String] = [:]
    ) throws -> Result {
        try run(program, arguments, in: folder, input: input, environment: environment)
    }

    /// Runs a worker until it says `text`, and kills it then unless it `endsByItself`.
    ///
    /// - Returns: whether it said so before it closed its output, and its exit status or the signal that ended it.
    static func run(
        worker stage: Stage, environment: [String: String], until text: String, endsByItself: Bool
    ) throws -> (isSaid: Bool, status: Int32) {
        let process = Process()
        process.executableURL = RunningSystem.buildFolder.appending(path: "columna-\(stage.rawValue)")
        process.environment = environment
        let said = Pipe()
        process.standardError = said
        try process.run()
        var heard = Data()
        func isSaid() -> Bool { String(decoding: heard, as: UTF8.self).contains(text) }
        while !isSaid(), case let more = said.fileHandleForReading.availableData, !more.isEmpty { heard += more }
        if !endsByItself { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return (isSaid(), process.terminationStatus)
    }

    private static func run(
        _ executable: URL, _ arguments: [String], in folder: URL, input: String, environment: [String: String] = [:]
    ) throws -> Result {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment.merging(["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]) {
            own, _ in own
        }
        // Files and not pipes: nobody has to read while the program writes.
        let (output, errors) = (try File(), try File())
        process.standardOutput = output.handle
        process.standardError = errors.handle
        let standardInput = Pipe()
        process.standardInput = standardInput
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        process.waitUntilExit()
        return Result(status: Int(process.terminationStatus), output: try output.text(), errors: try errors.text())
    }

    private struct File {
        let url: URL
        let handle: FileHandle

        init() throws {
            url = FileManager.default.temporaryDirectory.appending(path: "columna-\(UUID().uuidString)")
            _ = FileManager.default.createFile(atPath: url.path, contents: nil)
            handle = try FileHandle(forWritingTo: url)
        }

        func text() throws -> String {
            defer { try? FileManager.default.removeItem(at: url) }
            try handle.close()
            return try String(contentsOf: url, encoding: .utf8)
        }
    }
}

/// A folder of a test's own, gone with the test.
final class CommandFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "columna-test-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func data(_ path: String) throws -> Data { try Data(contentsOf: url.appending(path: path)) }
}
