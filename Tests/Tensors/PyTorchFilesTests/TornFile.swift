import Foundation
import PyTorchFiles
import Statistics
import Testing

/// A file as transfers and disks leave it.
struct TornFile {
    let whole: Data
    /// Of the bytes that are damaged.
    let seed: UInt64

    /// Cut anywhere it is refused; with a byte of another value it is read or refused. Nothing crashes.
    func expectNoCrash(damages: Int, _ read: (Data) throws -> Void) {
        for length in stride(from: 0, to: whole.count, by: 97) {
            #expect(throws: PyTorchFileError.self, "cut to \(length)") { try read(whole.prefix(length)) }
        }
        var generator = SplitMix64(seed: seed)
        for _ in 0..<damages {
            var damaged = whole
            damaged[Int(generator.next() % UInt64(whole.count))] = UInt8(truncatingIfNeeded: generator.next())
            do { try read(damaged) } catch { #expect(error is PyTorchFileError) }
        }
    }
}
