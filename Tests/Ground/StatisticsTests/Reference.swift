import Foundation
import TestSupport
import Testing

/// Expected numbers from SciPy, statsmodels and mpmath (Tests/Fixtures/statistics/make.py).
struct Reference: Decodable {
    struct Pair: Decodable, CustomTestStringConvertible {
        var kind: String
        var n: Int
        var a: [Double]
        var b: [Double]
        var t: Double?
        var t_p: Double?
        var low: Double?
        var high: Double?
        var positive_rank_sum: Double
        var wilcoxon_p: Double
        var testDescription: String { "\(n) \(kind)" }
    }
    struct Moments: Decodable {
        var values: [Double]
        var mean: Double
        var deviation: Double
        var quartiles: [Double]
        var low: Double
        var high: Double
    }
    struct Test: Decodable {
        var t: Double
        var degrees: Double
        var p: Double
        var low: Double
        var high: Double
    }
    struct Unpaired: Decodable {
        var a: Moments
        var b: Moments
        var student: Test
        var welch: Test
    }
    struct Correction: Decodable {
        var p: [Double]
        var adjusted: [Double]
    }
    struct Student: Decodable {
        var t: Double
        var degrees: Double
        var p: Double
    }
    struct Normal: Decodable {
        var z: Double
        var p: Double
    }
    var paired: [Pair]
    var unpaired: [Unpaired]
    var holm: [Correction]
    var student: [Student]
    var student_quantiles: [Student]
    var normal: [Normal]
    var normal_quantiles: [Normal]

    static func load() throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: Data(contentsOf: Fixtures.url("statistics/scipy.json")))
    }
}

/// Whether two numbers agree to a relative tolerance; both nil is agreement too.
func agree(_ value: Double?, _ expected: Double?, within tolerance: Double = 1e-9) -> Bool {
    guard let value, let expected else { return value == nil && expected == nil }
    return value == expected || abs(value - expected) <= tolerance * abs(expected)
}
