import Foundation
import TestSupport

/// What PyTorch and nnU-Net's formulae give: Tests/Fixtures/training/make.py.
struct TrainingOracle: Decodable {
    struct Present: Decodable {
        let shape: [Int]
        let logits: [Float]
        let labels: [UInt8]
        let dice: Double
        let cross_entropy: Double
        let gradient: [Double]
    }

    let sgd: [[Double]]
    let poly: [Double]
    /// Size, source patch, final patch, lowest and highest beginning.
    let overhang: [[Int]]
    let present: Present

    static let shared: TrainingOracle = {
        do {
            return try JSONDecoder().decode(
                TrainingOracle.self, from: Data(contentsOf: Fixtures.url("training/training.json")))
        } catch { fatalError("the fixture training.json is not readable: \(error)") }
    }()
}
