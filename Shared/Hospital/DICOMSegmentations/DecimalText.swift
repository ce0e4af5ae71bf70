import Foundation

/// Numbers as DICOM writes decimals (DS): at most 16 characters.
enum DecimalText {
    static func text(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        let shortest = "\(value)"
        if shortest.utf8.count <= 16 { return shortest }
        for digits in stride(from: 16, through: 1, by: -1) {
            let text = String(format: "%.\(digits)g", value)
            if text.utf8.count <= 16 { return text }
        }
        return "0"
    }

    static func text(_ values: [Double]) -> String { values.map { text($0) }.joined(separator: "\\") }
}
