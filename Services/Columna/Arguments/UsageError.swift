import ArgumentParser
import Faults
import Operations

/// Runs a check of an operation on arguments; what it refuses is told as ArgumentParser tells it, with the usage.
func usage(_ check: () throws -> Void) throws {
    do { try check() } catch let error as OperationError where error.code == .usage {
        throw ValidationError(error.description)
    }
}

/// Runs a check of what nothing but arguments decided: whatever it refuses is wrong usage.
func usage<Value>(of arguments: () throws -> Value) throws -> Value {
    do { return try arguments() } catch let fault as any Fault { throw ValidationError(fault.description) }
}
