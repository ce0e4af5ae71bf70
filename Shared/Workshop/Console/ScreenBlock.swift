import Foundation
import Glibc

/// Lines on standard output that are drawn again in their own place while something goes on.
package final class ScreenBlock {
    private var height = 0

    package init() {}

    /// Whether standard output is a terminal.
    package static var isPossible: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Characters of a line; 80 where that is not known.
    package static var columns: Int { size?.columns ?? 80 }
    package static var rows: Int { size?.rows ?? 24 }

    package func draw(_ lines: [String]) {
        // Up to the first line, and everything from there away.
        let back = height > 0 ? "\u{1B}[\(height)A\r\u{1B}[J" : ""
        print(back + lines.joined(separator: "\n"))
        fflush(nil)
        height = lines.count
    }

    private static var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
