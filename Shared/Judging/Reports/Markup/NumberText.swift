import Foundation

/// Numbers as text, in no locale.
enum NumberText {
    /// `digits` after the point, `−` for minus, `–` for nil or what is no number.
    static func fixed(_ value: Double?, digits: Int) -> String {
        guard let value, value.isFinite else { return "–" }
        let text = plain(value, digits: digits)
        return text.hasPrefix("-") ? "−" + text.dropFirst() : text
    }

    /// The same with `+` before what is above zero.
    static func signed(_ value: Double?, digits: Int) -> String {
        let text = fixed(value, digits: digits)
        return text.first.map { "123456789".contains($0) || ($0 == "0" && text.contains { "123456789".contains($0) }) }
            == true ? "+" + text : text
    }

    /// A p-value: three digits, `<0.001` below.
    static func p(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "–" }
        return value < 0.001 ? "<0.001" : fixed(value, digits: 3)
    }

    /// For coordinates in figures: at most one digit after the point.
    static func coordinate(_ value: Double) -> String {
        let text = plain(value, digits: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Every digit it takes to get the same number back, or nil for what is no finite number.
    static func exact(_ value: Double?) -> String? {
        guard let value, value.isFinite else { return nil }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }

    private static func plain(_ value: Double, digits: Int) -> String {
        let scale = pow(10, Double(digits))
        guard abs(value) * scale < 9e15 else { return "\(value)" }
        let scaled = Int((abs(value) * scale).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % Int(scale))
        return "\(sign)\(scaled / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
