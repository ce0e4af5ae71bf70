/// Dates of DICOM, moved by whole days in the proleptic Gregorian calendar.
enum ShiftedDate {
    /// A DA value (`YYYYMMDD`, of old `YYYY.MM.DD`); nil where it is no date.
    static func date(_ text: String, daysEarlier: Int) -> String? {
        let digits = text.count == 10 ? text.replacing(".", with: "") : text
        guard digits.count == 8, let day = dayNumber(digits) else { return nil }
        return written(day - daysEarlier)
    }

    /// A DT value (`YYYYMMDDHHMMSS.FFFFFF&ZZXX`, cut anywhere after the year); nil where it is none. The time of day
    /// stays; where month or day are left out, the first is meant and left out again.
    static func dateTime(_ text: String, daysEarlier: Int) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let date = digits.prefix(8)
        guard digits.count >= 4, digits.count <= 14, digits.count.isMultiple(of: 2) else { return nil }
        let rest = text.dropFirst(date.count)
        guard rest.allSatisfy({ $0.isASCII && ($0.isNumber || ".+-".contains($0)) }), rest.count <= 18 else {
            return nil
        }
        let whole = date + ["0101", "", "01", "", ""][date.count - 4]
        guard let day = dayNumber(String(whole)), let shifted = written(day - daysEarlier) else { return nil }
        return String(shifted.prefix(date.count)) + rest
    }

    /// Days since 0000-03-01 of eight digits; nil where there is no such day.
    private static func dayNumber(_ digits: String) -> Int? {
        guard digits.utf8.count == 8, let number = Int(digits), number > 0 else { return nil }
        let (year, month, day) = (number / 10000, number / 100 % 100, number % 100)
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year >= 1, (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
        return daysBefore(year: year, month: month) + day - 1
    }

    /// Of a calendar whose years begin in March, so that the leap day is the last.
    private static func daysBefore(year: Int, month: Int) -> Int {
        let (year, month) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5
    }

    /// Nil before the year 1.
    private static func written(_ dayNumber: Int) -> String? {
        guard dayNumber >= 306 else { return nil }
        var year = dayNumber * 400 / 146_097 + 1
        while daysBefore(year: year, month: 3) > dayNumber { year -= 1 }
        let dayOfYear = dayNumber - daysBefore(year: year, month: 3)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let (calendarYear, calendarMonth) = month < 10 ? (year, month + 3) : (year + 1, month - 9)
        func padded(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return padded(calendarYear, 4) + padded(calendarMonth, 2) + padded(day, 2)
    }
}
