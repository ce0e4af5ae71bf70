package import Foundation

/// What made a segmentation.
package struct SegmentationAlgorithm: Sendable, Hashable, Codable {
    /// The model's name.
    package var name: String
    /// The model's version.
    package var version: String
    /// The software that ran it, and its version.
    package var software: String

    package init(name: String, version: String, software: String = "Columna") {
        self.name = name
        self.version = version
        self.software = software
    }
}

/// When the content was made, as DICOM writes it: given by the caller, so that equal input gives equal bytes.
package struct ContentMoment: Sendable, Hashable, Codable {
    /// `YYYYMMDD`
    package var date: String
    /// `HHMMSS`
    package var time: String

    /// - Parameter timeZone: that of the hospital, since DICOM's times are local.
    package init(_ date: Date, timeZone: TimeZone = .current) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        func digits(_ number: Int?, _ count: Int = 2) -> String {
            let text = String(number ?? 0)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        self.date = digits(parts.year, 4) + digits(parts.month) + digits(parts.day)
        time = digits(parts.hour) + digits(parts.minute) + digits(parts.second)
    }
}
