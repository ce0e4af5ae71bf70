import Foundation

/// Where the running program lies; the workers are built into the same folder.
package enum ProgramFolder {
    package static var current: String {
        get throws {
            guard let program = Bundle.main.executableURL else {
                throw CommandFailure(.failed, "cannot find the folder of this program, where the workers are expected")
            }
            return program.resolvingSymlinksInPath().deletingLastPathComponent().path
        }
    }
}
