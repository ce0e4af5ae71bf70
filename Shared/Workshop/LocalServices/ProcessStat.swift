/// The fields of /proc/<pid>/stat that tell a process from another (proc(5)).
package struct ProcessStat: Equatable {
    let state: Character
    package let parent: Int32
    package let startTicks: UInt64

    package var isZombie: Bool { state == "Z" || state == "X" }

    init?(pid: Int32) {
        guard let line = SystemFile.text("/proc/\(pid)/stat") else { return nil }
        self.init(line: line)
    }

    /// - Parameter line: `pid (name) state ppid …`; the name may itself contain spaces and brackets, so fields are
    ///   counted from its last bracket.
    package init?(line: String) {
        guard let bracket = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: bracket)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 19, let state = fields[0].first, let parent = Int32(fields[1]),
            let ticks = UInt64(fields[19])
        else { return nil }
        self.state = state
        self.parent = parent
        self.startTicks = ticks
    }
}
