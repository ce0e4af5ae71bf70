import Faults
package import TensorCore

extension Tensor {
    /// Throws `notFinite` naming the first value that is NaN or infinite; `what` begins the sentence.
    package func requireFinite(_ what: @autoclosure () -> String) throws {
        try withUnsafeBufferPointer { values in
            // Times 0 a finite number is 0 and anything else NaN: a sum that the compiler turns into vectors.
            var sum: SIMD8<Float> = .zero
            let whole = values.count / 8 * 8
            for index in stride(from: 0, to: whole, by: 8) {
                sum += UnsafeRawPointer(values.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self) * 0
            }
            guard sum != .zero || !values[whole...].allSatisfy(\.isFinite),
                let index = values.firstIndex(where: { !$0.isFinite })
            else { return }
            throw TensorError(.notFinite, "\(what()) holds \(values[index]) at index \(index), expected finite numbers")
        }
    }
}
