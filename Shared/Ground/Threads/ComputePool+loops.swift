import Synchronization

extension ComputePool {
    /// Runs `body` once for each index in `0..<count`, in any order, and returns when all are done.
    package func forEach(count: Int, _ body: @Sendable (Int) -> Void) {
        share(count: count) { indices in
            while let index = indices.next() { body(index) }
        }
    }

    /// The same where iterations can fail: those that have not begun are left out then, and the error of the lowest
    /// index that failed is thrown.
    package func tryForEach(count: Int, _ body: @Sendable (Int) throws -> Void) throws {
        let failure = Mutex<(index: Int, error: any Error)?>(nil)
        let hasFailed = Atomic(false)
        forEach(count: count) { index in
            if hasFailed.load(ordering: .relaxed) { return }
            do {
                try body(index)
            } catch {
                hasFailed.store(true, ordering: .relaxed)
                failure.withLock { failure in
                    if index < failure?.index ?? .max { failure = (index, error) }
                }
            }
        }
        if let error = failure.withLock({ $0?.error }) { throw error }
    }

    /// The results of independent computations, in the order of their inputs, whichever thread did them.
    package func map<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ compute: @Sendable (Input) -> Output
    ) -> [Output] {
        let outputs = Mutex([Output?](repeating: nil, count: inputs.count))
        forEach(count: inputs.count) { index in
            let output = compute(inputs[index])
            outputs.withLock { $0[index] = output }
        }
        return outputs.withLock { $0.compactMap(\.self) }
    }
}
