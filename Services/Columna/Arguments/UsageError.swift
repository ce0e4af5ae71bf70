import ArgumentParser
import Faults
import Operations

/// Runs a check of an operation on arguments; what it refuses is told as ArgumentParser tells it, with the usage.
func usage(_ check: () throws -> Void) throws {
    do { try check() } catch let error as OperationError where error.code == .usage {
        throw ValidationError(error.description)
    }
}
