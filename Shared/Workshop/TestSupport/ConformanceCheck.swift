/// One sentence that every `JobStore` must make true, with the code that tries it on an empty store whose clock it
/// sets.
package struct ConformanceCheck: Sendable, CustomStringConvertible {
    package let description: String
    package let run: @Sendable (ClockedStore) async throws -> Void

    init(_ sentence: String, _ run: @escaping @Sendable (ClockedStore) async throws -> Void) {
        description = sentence
        self.run = run
    }
}

/// What a check found instead.
package struct ConformanceFailure: Error, CustomStringConvertible {
    package let description: String
}

/// Throws unless the values are equal.
func expect<Value: Equatable>(
    _ value: Value, equals expected: Value, file: StaticString = #fileID, line: UInt = #line
) throws {
    guard value != expected else { return }
    throw ConformanceFailure(description: "\(file):\(line): expected \(expected), got \(value)")
}

func expect(_ condition: Bool, _ wording: String, file: StaticString = #fileID, line: UInt = #line) throws {
    guard !condition else { return }
    throw ConformanceFailure(description: "\(file):\(line): expected that \(wording)")
}

func require<Value>(_ value: Value?, _ wording: String, file: StaticString = #fileID, line: UInt = #line) throws
    -> Value
{
    guard let value else { throw ConformanceFailure(description: "\(file):\(line): expected \(wording), got nil") }
    return value
}
