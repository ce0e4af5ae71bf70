import Faults
import Foundation

/// The processor that this build needs.
package enum CPU {
    /// Throws `unsupportedProcessor` unless the processor has the instructions that kernels of ours are compiled for:
    /// AVX2 and FMA on x86-64. Without the check a kernel would end the process with an illegal instruction. A build
    /// without such kernels runs on any.
    package static func requireBaseline() throws {
        #if COLUMNA_OWN_KERNELS && os(Linux)
            let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            try requireBaseline(description: text)
        #endif
    }

    /// The same for the text of /proc/cpuinfo; a text without a flags line (a restricted container) is not held against
    /// the processor.
    package static func requireBaseline(description: String) throws {
        guard let line = description.split(separator: "\n").first(where: { $0.hasPrefix("flags") }) else { return }
        let flags = Set(line.split(whereSeparator: { " \t:".contains($0) }).map(String.init))
        let missing = ["avx2", "fma", "bmi2", "f16c"].filter { !flags.contains($0) }
        guard missing.isEmpty else {
            throw TensorError(
                .unsupportedProcessor,
                "the processor lacks \(missing.joined(separator: ", ")); x86-64-v3 is needed (Intel Haswell 2013, AMD Excavator 2015 or later), or a build with COLUMNA_PROCESSOR=any"
            )
        }
    }
}
