import Allocations
package import Foundation

/// Runs a reader on one input after the other. libFuzzer calls from one thread, so the state needs no lock of its own.
package enum Harness {
    /// From `LLVMFuzzerInitialize`: the allocation hooks, and the seeds instead of a run where `COLUMNA_FUZZ_SEEDS`
    /// names a folder.
    package static func start(seeds: (URL) throws -> Void) {
        if let folder = ProcessInfo.processInfo.environment["COLUMNA_FUZZ_SEEDS"] {
            do {
                try seeds(URL(filePath: folder, directoryHint: .isDirectory))
                // Without the sanitizer's leak check: seeds may leak.
                _exit(0)
            } catch {
                stop("the seeds cannot be made: \(error)")
            }
        }
        guard allocations_install() != 0 else { stop("the sanitizer takes no allocation hooks") }
    }

    /// Reads one input. An error is a good answer; memory beyond the allowance is not, and neither is an error without
    /// words.
    /// - Parameter read: may set the bytes that the input's header plausibly explains, before it throws.
    package static func run(_ input: UnsafeRawBufferPointer, _ read: (UnsafeRawBufferPointer, inout Int) throws -> Void)
        -> CInt
    {
        allocations_begin()
        var plausible = 0
        do {
            try read(input, &plausible)
            explain("a value")
        } catch {
            explain("\(error)")
            let text = String(describing: error)
            guard (1...longestDescription).contains(text.utf8.count) else {
                stop("an error's description has \(text.utf8.count) bytes")
            }
        }
        let (peak, allowed) = (allocations_peak(), Allowance.bytes(input: input.count, plausible: plausible))
        if peak > allowed {
            stop("\(input.count) bytes of input made \(peak) bytes of allocations, at most \(allowed) are allowed")
        }
        return 0
    }

    /// Whether an input has already cost more than any may without an explanation.
    package static func isCostly(_ input: UnsafeRawBufferPointer) -> Bool {
        allocations_peak() > Allowance.bytes(input: input.count, plausible: 0)
    }

    /// Descriptions go into logs and the database.
    private static let longestDescription = 4096

    /// What came out, for somebody who looks at one input.
    private static func explain(_ outcome: String) {
        if explains { FileHandle.standardError.write(Data("OUTCOME: \(outcome)\n".utf8)) }
    }

    private static let explains = ProcessInfo.processInfo.environment["COLUMNA_FUZZ_EXPLAIN"] != nil

    /// Ends the process so that libFuzzer keeps the input.
    package static func stop(_ reason: String) -> Never {
        FileHandle.standardError.write(Data("FINDING: \(reason)\n".utf8))
        abort()
    }
}
