import TensorCore
import TestSupport
import Testing

/// The measure that other tests go by must not let anything pass.
@Suite struct ComparisonTests {
    private func error(_ found: [Float], _ truth: [Float]) -> Double {
        Comparison.error(Tensor(found, shape: [found.count]), Tensor(truth, shape: [truth.count]))
    }

    @Test func theErrorIsRelativeToTheLargestOfTheTruth() {
        #expect(error([1, -3.5, 0], [1, -4, 0]) == 0.125)
        #expect(error([0, 0], [0, 0]) == 0)
        #expect(error([0, 1], [0, 0]) > 1e30)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity], [0, 1]) func whatIsNotFiniteIsInfinitelyWrong(
        value: Float, index: Int
    ) {
        var spoilt: [Float] = [1, 2]
        spoilt[index] = value
        #expect(error(spoilt, [1, 2]) == .infinity)
        #expect(error([1, 2], spoilt) == .infinity)
        #expect(error(spoilt, spoilt) == .infinity)
    }

    @Test func otherShapesAndNothingAtAllAreInfinitelyWrong() {
        #expect(error([1, 2], [1]) == .infinity)
        #expect(Comparison.error(Tensor([1, 2], shape: [1, 2]), Tensor([1, 2], shape: [2, 1])) == .infinity)
        #expect(error([], []) == .infinity)
    }
}
