import ArgumentParser
import Console

/// How many jobs of a tenant may run at a time in each stage.
struct RunningLimit: DescribedArgument {
    static let expectation = "a whole number from 0 to \(Int32.max), or none"
    /// Nil: no limit.
    let jobs: Int?

    init?(argument: String) {
        if argument == "none" {
            jobs = nil
        } else {
            guard let number = Int32(argument), number >= 0 else { return nil }
            jobs = Int(number)
        }
    }
}
