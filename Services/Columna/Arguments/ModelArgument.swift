import ArgumentParser
import Console
import JobEngine
import Studies

/// A model on the command line: `NAME` (its promoted version) or `NAME@VERSION`.
struct ModelArgument: DescribedArgument {
    static let expectation = "NAME or NAME@VERSION"
    let reference: ModelReference

    init?(argument: String) {
        guard let reference = try? ModelReference(argument) else { return nil }
        self.reference = reference
    }
}
