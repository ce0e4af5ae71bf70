import Glibc

/// One process, and not another that was given the same number later: the pid, the moment it started and the boot it
/// started in.
package struct ProcessIdentity: Codable, Hashable, Sendable {
    package let pid: Int32
    /// Clock ticks between boot and the process's start: field 22 of /proc/<pid>/stat (proc(5)).
    package let startTicks: UInt64
    /// The kernel's random id of this boot, so a remembered pid means nothing after a restart of the machine.
    package let boot: String

    package init(pid: Int32, startTicks: UInt64, boot: String) {
        self.pid = pid
        self.startTicks = startTicks
        self.boot = boot
    }

    /// The process that has this number now; nil when there is none or only its corpse.
    package init?(runningPID pid: Int32) {
        guard let stat = ProcessStat(pid: pid), !stat.isZombie else { return nil }
        self.init(pid: pid, startTicks: stat.startTicks, boot: Self.currentBoot)
    }

    /// Whether this very process still runs. A zombie of ours is buried on the way.
    package var isRunning: Bool {
        guard boot == Self.currentBoot, let stat = ProcessStat(pid: pid), stat.startTicks == startTicks else {
            return false
        }
        guard stat.isZombie else { return true }
        if stat.parent == getpid() { waitpid(pid, nil, WNOHANG) }
        return false
    }

    /// Ends processes: SIGTERM, and SIGKILL for those that still run after the grace period, which are returned.
    static func end(_ processes: [ProcessIdentity], grace: Duration) -> [ProcessIdentity] {
        processes.forEach { $0.signal(SIGTERM) }
        if waited(grace, until: { !processes.contains(where: \.isRunning) }) { return [] }
        let stubborn = processes.filter(\.isRunning)
        stubborn.forEach { $0.signal(SIGKILL) }
        _ = waited(.seconds(5)) { !stubborn.contains(where: \.isRunning) }
        return stubborn
    }

    /// Sends a signal, if the process is still the one that was meant.
    func signal(_ number: Int32) {
        if isRunning { kill(pid, number) }
    }

    /// The file the process runs; " (deleted)" is appended by the kernel when it was replaced since. Nil when it may
    /// not be read.
    var executable: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = readlink("/proc/\(pid)/exe", &buffer, buffer.count - 1)
        guard length > 0 else { return nil }
        return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The command line's words; empty when the process has gone.
    var arguments: [String] { Self.words("/proc/\(pid)/cmdline") }

    static let currentBoot = SystemFile.text("/proc/sys/kernel/random/boot_id")?.trimmedLine ?? "unknown"

    /// All processes that were started with a word (`NAME=value`) of this beginning in their environment, and their
    /// descendants, which inherit it. Processes of other users are passed over: their environment cannot be read.
    static func all(environmentPrefix prefix: String) -> [ProcessIdentity] {
        SystemFile.names(in: "/proc").compactMap { Int32($0) }.compactMap { pid in
            guard pid != getpid(), words("/proc/\(pid)/environ").contains(where: { $0.hasPrefix(prefix) }) else {
                return nil
            }
            return ProcessIdentity(runningPID: pid)
        }
    }

    private static func words(_ path: String) -> [String] {
        SystemFile.bytes(path)?.split(separator: 0).map { String(decoding: $0, as: UTF8.self) } ?? []
    }
}
