package import Networks
import Ranks
import TensorCore
import Threads

extension Parameters {
    /// Of those that have a gradient, in order, the names and rates; one whose rate is 0 is frozen and not among them.
    func rates(_ rate: Double, gradients: Parameters, factor: (String) -> Double) -> [(name: String, rate: Double)] {
        names.filter(gradients.contains).map { ($0, rate * factor($0)) }.filter { $0.1 > 0 }
    }

    /// Zeros under the same names, of the same shapes.
    var zeros: Parameters { Parameters(named: named.map { ($0.name, Tensor(zeros: $0.tensor.shape)) }) }

    /// The Euclidean length of all numbers together, summed in double precision in the order of names.
    package var norm: Double {
        names.reduce(0.0) { sum, name in
            sum + self[name].withUnsafeBufferPointer { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
        }.squareRoot()
    }

    /// Shortens all numbers together to a length, as PyTorch's `clip_grad_norm_` does: by min(1, length / (norm +
    /// 1e-6)).
    package mutating func shorten(to length: Double, norm: Double) {
        let factor = Float(length / (norm + 1e-6))
        guard factor < 1 else { return }
        for name in names {
            change(name) { tensor in
                tensor.withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] *= factor } }
            }
        }
    }

    /// Sums of all ranks' numbers in their place.
    mutating func sum(over exchange: any RankExchange) {
        guard !exchange.isAlone else { return }
        var numbers: [Float] = []
        numbers.reserveCapacity(parameterCount + exchange.count)
        for name in names { self[name].withUnsafeBufferPointer { numbers.append(contentsOf: $0) } }
        exchange.sum(&numbers)
        numbers.withUnsafeBufferPointer { numbers in
            var first = 0
            for name in names {
                change(name) { tensor in
                    tensor.withUnsafeMutableBufferPointer {
                        _ = $0.update(fromContentsOf: numbers[first..<first + $0.count])
                    }
                    first += tensor.count
                }
            }
        }
    }

    /// Moves towards others of the same names: own ← decay · own + (1 − decay) · other.
    mutating func approach(_ others: Parameters, decay: Double, pool: ComputePool) {
        let (kept, taken) = (Float(decay), Float(1 - decay))
        for name in names {
            change(name) {
                $0.change(with: others[name], pool: pool) { own, other in own = kept * own + taken * other }
            }
        }
    }
}
