/// How far a sliding window is. `description` is what people read: `window 3 of 24, pass 2 of 8, 1 skipped as air`.
package struct WindowProgress: Sendable, Equatable, CustomStringConvertible {
    /// Windows that are done, skipped ones included.
    package let windows: Int
    package let allWindows: Int
    /// Windows not shown to the network because they hold only air.
    package let skipped: Int
    /// Passes of the window after `windows` that are done; 0 between windows.
    package let passes: Int
    /// 1 unless windows are mirrored.
    package let passesPerWindow: Int

    /// 0 … 1.
    package var fraction: Double {
        (Double(windows) + Double(passes) / Double(passesPerWindow)) / Double(max(1, allWindows))
    }

    package var description: String {
        let window =
            passes == 0
            ? "window \(windows) of \(allWindows)"
            : "window \(windows + 1) of \(allWindows), pass \(passes) of \(passesPerWindow)"
        return skipped == 0 ? window : window + ", \(skipped) skipped as air"
    }
}
