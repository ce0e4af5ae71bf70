import Foundation
import Glibc
import Synchronization

/// How far something is, on standard error: one line that redraws itself on a terminal, a plain line every few seconds
/// elsewhere.
package final class ProgressLine: Sendable {
    private struct State {
        var drawn = ""
        /// The first plain line comes late too: what is done at once needs none.
        var lastPlainLine = ContinuousClock.now
        var isShown = false
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let secondsBetweenPlainLines = 5
    private let state = Mutex(State())

    package init() {}

    /// - Parameter fraction: 0…1; nil draws no bar.
    package func show(_ fraction: Double?, _ text: String) {
        let line = fraction.map { Self.bar($0) + " " + text } ?? text
        state.withLock { state in
            guard line != state.drawn else { return }
            if isTerminal {
                Self.write("\r\u{1B}[2K" + String(line.prefix(max(20, Self.columns - 1))))
                state.isShown = true
            } else {
                let now = ContinuousClock.now
                guard now - state.lastPlainLine >= .seconds(secondsBetweenPlainLines) else { return }
                state.lastPlainLine = now
                Self.write(line + "\n")
            }
            state.drawn = line
        }
    }

    /// A line that stays, above the moving one.
    package func note(_ text: String) {
        state.withLock { state in
            Self.write((state.isShown ? "\r\u{1B}[2K" : "") + text + "\n")
            if state.isShown { Self.write(state.drawn) }
        }
    }

    /// Takes the moving line away; results follow.
    package func end() {
        state.withLock { state in
            if state.isShown { Self.write("\r\u{1B}[2K") }
            state.isShown = false
            state.drawn = ""
        }
    }

    private static func bar(_ fraction: Double) -> String {
        let width = 24
        let full = Int((min(max(fraction, 0), 1) * Double(width)).rounded(.down))
        let percent = String(Int((min(max(fraction, 0), 1) * 100).rounded(.down)))
        return "[" + String(repeating: "#", count: full) + String(repeating: "·", count: width - full) + "] "
            + String(repeating: " ", count: 3 - percent.count) + percent + " %"
    }

    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return Int(size.ws_col)
    }

    private static func write(_ text: String) {
        fflush(nil)
        FileHandle.standardError.write(Data(text.utf8))
    }
}
