import ArgumentParser

/// One number for all three axes or three separated by commas.
enum Numbers {
    @Sendable static func triple(_ text: String) throws -> [Double] {
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard [1, 3].contains(values.count), values.allSatisfy({ $0.map { $0 > 0 && $0.isFinite } ?? false }) else {
            throw ValidationError("'\(text)' must be one positive number or three separated by commas")
        }
        let numbers = values.compactMap { $0 }
        return numbers.count == 1 ? Array(repeating: numbers[0], count: 3) : numbers
    }

    @Sendable static func wholeTriple(_ text: String) throws -> [Int] {
        let numbers = try triple(text)
        guard numbers.allSatisfy({ $0 == $0.rounded() && $0 <= 4096 }) else {
            throw ValidationError("'\(text)' must be one whole number up to 4096 or three separated by commas")
        }
        return numbers.map { Int($0) }
    }
}
