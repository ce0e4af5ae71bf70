import Dispatch
import Synchronization

/// The results of independent computations, in the order of their inputs, whichever thread did them.
func parallelMap<Input: Sendable, Output: Sendable>(_ inputs: [Input], _ compute: @Sendable (Input) -> Output)
    -> [Output]
{
    let outputs = Mutex([Output?](repeating: nil, count: inputs.count))
    DispatchQueue.concurrentPerform(iterations: inputs.count) { index in
        let output = compute(inputs[index])
        outputs.withLock { $0[index] = output }
    }
    return outputs.withLock { $0.compactMap { $0 } }
}
