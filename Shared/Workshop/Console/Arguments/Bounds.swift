package import ArgumentParser

/// Which numbers an option takes, so that one beyond them is refused as a word is, and in the same sentence: "The value
/// '-5' is invalid for '--limit <limit>': expected a whole number from 1 to 100000".
package struct Bounds<Number: DescribedArgument & Comparable>: Sendable {
    let expectation: String
    private let contains: @Sendable (Number) -> Bool

    private init(_ words: String, _ contains: @escaping @Sendable (Number) -> Bool) {
        expectation = "\(Number.expectation) \(words)"
        self.contains = contains
    }

    package static func from(_ lowest: Number) -> Bounds { Bounds("from \(text(lowest))") { $0 >= lowest } }

    package static func from(_ lowest: Number, to highest: Number) -> Bounds {
        Bounds("from \(text(lowest)) to \(text(highest))") { $0 >= lowest && $0 <= highest }
    }

    package static func from(_ lowest: Number, below bound: Number) -> Bounds {
        Bounds("from \(text(lowest)) and below \(text(bound))") { $0 >= lowest && $0 < bound }
    }

    package static func above(_ bound: Number) -> Bounds { Bounds("above \(text(bound))") { $0 > bound } }

    package static func above(_ bound: Number, below other: Number) -> Bounds {
        Bounds("above \(text(bound)) and below \(text(other))") { $0 > bound && $0 < other }
    }

    package static func above(_ bound: Number, to highest: Number) -> Bounds {
        Bounds("above \(text(bound)) and up to \(text(highest))") { $0 > bound && $0 <= highest }
    }

    /// A whole number without the ".0" that a `Double` brings.
    private static func text(_ number: Number) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    @Sendable fileprivate func read(_ text: String) throws -> Number {
        guard let number = try? Number.read(text), contains(number) else {
            throw ValidationError("expected \(expectation)")
        }
        return number
    }
}

extension Bounds<Int> {
    /// `--limit` of every list: nobody reads more, and the database takes no less.
    package static var listed: Bounds { .from(1, to: 100_000) }
    package static var threads: Bounds { .from(1, to: 1024) }
    /// Runs of a benchmark.
    package static var repeats: Bounds { .from(1, to: 100_000) }
    package static var mebibytes: Bounds { .from(1, to: 1 << 40) }
}

extension Bounds<Double> {
    /// A time to wait or to look back: thirty years, which every clock and the database take.
    package static var seconds: Bounds { .above(0, to: 1_000_000_000) }
}

extension Option where Value: DescribedArgument & Comparable {
    package init(
        wrappedValue: Value, name: NameSpecification = .long, help: ArgumentHelp? = nil, in bounds: Bounds<Value>
    ) {
        self.init(
            wrappedValue: wrappedValue, name: name, help: Value.describe(help, default: [wrappedValue]),
            completion: Value.defaultCompletionKind, transform: bounds.read)
    }

    package init(name: NameSpecification = .long, help: ArgumentHelp? = nil, in bounds: Bounds<Value>) {
        self.init(
            name: name, help: Value.describe(help), completion: Value.defaultCompletionKind, transform: bounds.read)
    }
}

extension Option {
    package init<T: DescribedArgument & Comparable>(
        name: NameSpecification = .long, help: ArgumentHelp? = nil, in bounds: Bounds<T>
    ) where Value == T? {
        self.init(
            name: name, help: T.describe(help), completion: T.defaultCompletionKind, transform: bounds.read)
    }

    package init<T: DescribedArgument & Comparable>(
        wrappedValue: [T], name: NameSpecification = .long, help: ArgumentHelp? = nil, in bounds: Bounds<T>
    ) where Value == [T] {
        self.init(
            wrappedValue: wrappedValue, name: name, help: T.describe(help, default: wrappedValue),
            completion: T.defaultCompletionKind, transform: bounds.read)
    }
}
