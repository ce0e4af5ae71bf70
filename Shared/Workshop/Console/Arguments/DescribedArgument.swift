package import ArgumentParser

/// A type of argument that says what it takes, so that whoever types something else is told so, in the same words
/// everywhere: "The value 'ten' is invalid for '--limit <limit>': expected a whole number".
///
/// The initialisers below stand in for ArgumentParser's, which name the value and, but for enumerations, nothing that
/// was expected. Pages of help stay as ArgumentParser writes them.
package protocol DescribedArgument: ExpressibleByArgument, Sendable {
    static var expectation: String { get }
}

extension DescribedArgument {
    /// "nan" and "inf" are no numbers that an option could mean, though they read as a `Double`.
    @Sendable static func read(_ text: String) throws -> Self {
        guard let value = Self(argument: text), (value as? Double)?.isFinite ?? true else {
            throw ValidationError("expected \(expectation)")
        }
        return value
    }

    /// With the values and the default, which ArgumentParser does not add where the reading is ours.
    static func describe(_ help: ArgumentHelp?, default values: [Self] = []) -> ArgumentHelp {
        let facts = [
            allValueStrings.isEmpty ? nil : "values: \(allValueStrings.joined(separator: ", "))",
            values.isEmpty ? nil : "default: \(values.map(\.defaultValueDescription).joined(separator: ", "))",
        ].compactMap { $0 }
        var help = help ?? ""
        if !facts.isEmpty {
            help.abstract += (help.abstract.isEmpty ? "" : " ") + "(\(facts.joined(separator: "; ")))"
        }
        return help
    }
}

extension DescribedArgument where Self: CaseIterable & RawRepresentable<String> {
    package static var expectation: String {
        let names = allCases.map(\.rawValue)
        return (names.dropLast(2) + [names.suffix(2).joined(separator: " or ")]).joined(separator: ", ")
    }
}

extension Option where Value: DescribedArgument {
    package init(wrappedValue: Value, name: NameSpecification = .long, help: ArgumentHelp? = nil) {
        self.init(
            wrappedValue: wrappedValue, name: name, help: Value.describe(help, default: [wrappedValue]),
            completion: Value.defaultCompletionKind, transform: Value.read)
    }

    package init(name: NameSpecification = .long, help: ArgumentHelp? = nil) {
        self.init(
            name: name, help: Value.describe(help), completion: Value.defaultCompletionKind, transform: Value.read)
    }
}

extension Option {
    package init<T: DescribedArgument>(name: NameSpecification = .long, help: ArgumentHelp? = nil) where Value == T? {
        self.init(name: name, help: T.describe(help), completion: T.defaultCompletionKind, transform: T.read)
    }

    package init<T: DescribedArgument>(
        wrappedValue: [T], name: NameSpecification = .long, help: ArgumentHelp? = nil
    ) where Value == [T] {
        self.init(
            wrappedValue: wrappedValue, name: name, help: T.describe(help, default: wrappedValue),
            completion: T.defaultCompletionKind, transform: T.read)
    }
}

extension Argument where Value: DescribedArgument {
    package init(help: ArgumentHelp? = nil) {
        self.init(help: Value.describe(help), completion: Value.defaultCompletionKind, transform: Value.read)
    }
}

extension Argument {
    package init<T: DescribedArgument>(help: ArgumentHelp? = nil) where Value == T? {
        self.init(help: T.describe(help), completion: T.defaultCompletionKind, transform: T.read)
    }

    package init<T: DescribedArgument>(help: ArgumentHelp? = nil) where Value == [T] {
        self.init(help: T.describe(help), completion: T.defaultCompletionKind, transform: T.read)
    }

    package init<T: DescribedArgument>(wrappedValue: [T], help: ArgumentHelp? = nil) where Value == [T] {
        self.init(
            wrappedValue: wrappedValue, help: T.describe(help, default: wrappedValue),
            completion: T.defaultCompletionKind, transform: T.read)
    }
}
