import Foundation

package enum ProcessMemory {
    /// Highest resident set of a process since its start, nil when it has ended. proc(5): `VmHWM` of
    /// `/proc/PID/status`, in KiB.
    package static func peakBytes(of process: Int = Int(ProcessInfo.processInfo.processIdentifier)) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }.map {
            $0 * 1024
        }
    }
}
