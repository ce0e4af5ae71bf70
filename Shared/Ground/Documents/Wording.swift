package import Foundation

/// How figures look in tables.
package enum Wording {
    /// `-` where there is nothing.
    package static func text(_ value: String?) -> String { value ?? "-" }

    package static func ratio(_ value: Double?, digits: Int = 4) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "-"
    }

    /// Three digits that count, as learning rates are said.
    package static func rate(_ value: Double) -> String { String(format: "%.3g", value) }

    package static func percent(_ fraction: Double) -> String { "\(Int((fraction * 100).rounded(.down))) %" }

    package static func bytes(_ count: Int) -> String {
        if count < 10_000 { return "\(count) B" }
        if count < 10_000_000 { return String(format: "%.1f kB", Double(count) / 1e3) }
        if count < 10_000_000_000 { return String(format: "%.1f MB", Double(count) / 1e6) }
        return String(format: "%.1f GB", Double(count) / 1e9)
    }

    /// `12 s`, `3 min 20 s`, `5 h 2 min`, `3 d 4 h`.
    package static func duration(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds).rounded())
        switch whole {
        case ..<10: return String(format: "%.1f s", max(0, seconds))
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60) min \(whole % 60) s"
        case ..<86_400: return "\(whole / 3600) h \(whole % 3600 / 60) min"
        default: return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
        }
    }

    package static func age(_ date: Date?, now: Date) -> String {
        date.map { duration(now.timeIntervalSince($0)) + " ago" } ?? "-"
    }

    package static func time(_ date: Date?) -> String { date.map { $0.formatted(Date.ISO8601FormatStyle()) } ?? "-" }

    package static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }
}
