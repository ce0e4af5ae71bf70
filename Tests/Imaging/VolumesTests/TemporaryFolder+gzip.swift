import Foundation
import TestSupport

extension TemporaryFolder {
    /// Compresses the file `name` with `gzip`, beside itself.
    func gzip(_ name: String) throws -> URL {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = ["-k", "-n", file(name).path]
        try process.run()
        process.waitUntilExit()
        return file(name + ".gz")
    }
}
