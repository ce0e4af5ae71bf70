import ArgumentParser

/// One number for all three axes or three separated by commas.
package enum Numbers {
    @Sendable package static func triple(_ text: String) throws -> [Double] {
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard [1, 3].contains(values.count), values.allSatisfy({ $0.map { $0 > 0 && $0.isFinite } ?? false }) else {
            throw ValidationError("expected one positive number, or three separated by commas")
        }
        let numbers = values.compactMap { $0 }
        return numbers.count == 1 ? Array(repeating: numbers[0], count: 3) : numbers
    }

    @Sendable package static func wholeTriple(_ text: String) throws -> [Int] {
        guard let numbers = try? triple(text), numbers.allSatisfy({ $0 == $0.rounded() && $0 <= 4096 }) else {
            throw ValidationError("expected one whole number from 1 to 4096, or three separated by commas")
        }
        return numbers.map { Int($0) }
    }
}
