import Plans
import Segmentation
import TensorCore
import Testing

@Suite struct SlidingWindowTests {
    @Test(arguments: [
        (96, [0]), (97, [0, 1]), (150, [0, 54]), (200, [0, 57, 104]), (300, [0, 57, 114, 171, 204]), (40, [0]),
    ])
    func startsAreMONAIs(length: Int, starts: [Int]) {
        #expect(SlidingWindow.starts(length: length, edge: 96, overlap: 0.4) == starts)
    }

    @Test func theImportanceMapIsMONAIs() throws {
        let weights = try SlidingWindow(window: [96, 96, 96], plan: WindowPlan()).importance()
        #expect(weights.min() == 1e-3)
        #expect(abs(try #require(weights.max()) - 0.9974) < 1e-4)
        let floored = Double(weights.count { $0 == 1e-3 }) / Double(weights.count)
        #expect((0.57...0.59).contains(floored))
    }

    @Test func oddVoxelsOfPaddingComeLast() {
        #expect(SlidingWindow.padding(length: 13, edge: 16) == (1, 2))
        #expect(SlidingWindow.padding(length: 17, edge: 16) == (0, 0))
    }

    /// A predictor that answers (x, 2x, −x) must come out as exactly that, however windows overlap and wherever they are padded.
    @Test(
        arguments: [[20, 17, 30], [5, 16, 9], [16, 16, 16], [1, 1, 40]], [WindowPlan.Padding.replicate, .zero])
    func aLocalPredictorComesOutUnblurred(size: [Int], padding: WindowPlan.Padding) throws {
        let window = try SlidingWindow(window: [16, 8, 16], plan: WindowPlan(padding: padding))
        let input = Tensor((0..<size.reduce(1, *)).map { Float(($0 * 37) % 101) - 50 }, shape: [1, 1] + size)
        let logits = try window.predict(input, classes: 3) { patch in
            Tensor(patch.values + patch.values.map { 2 * $0 } + patch.values.map { -$0 }, shape: [1, 3, 16, 8, 16])
        }
        #expect(logits.shape == [1, 3] + size)
        for index in 0..<input.count {
            #expect(abs(logits[index] - input[index]) < 1e-4)
            #expect(abs(logits[input.count + index] - 2 * input[index]) < 2e-4)
            #expect(abs(logits[2 * input.count + index] + input[index]) < 1e-4)
        }
    }

    /// Two windows along one axis that answer 0 and 1: the blend is the second one's share of the weights.
    @Test func windowsBlendByTheirWeights() throws {
        let window = try SlidingWindow(window: [1, 1, 8], plan: WindowPlan(overlap: 0.5))
        let weights = window.importance()
        var answers: [Float] = [0, 1]
        let logits = try window.predict(Tensor(zeros: [1, 1, 1, 1, 12]), classes: 1) { _ in
            Tensor([Float](repeating: answers.removeFirst(), count: 8), shape: [1, 1, 1, 1, 8])
        }
        for k in 0..<4 { #expect(logits[k] == 0) }
        for k in 4..<8 { #expect(abs(logits[k] - weights[k - 4] / (weights[k] + weights[k - 4])) < 1e-6) }
        for k in 8..<12 { #expect(logits[k] == 1) }
    }

    @Test func thinVolumesAreSeenWithRepeatedBorders() throws {
        let window = try SlidingWindow(window: [1, 1, 6], plan: WindowPlan())
        var seen: [Float] = []
        _ = try window.predict(Tensor([5, 6, 7], shape: [1, 1, 1, 1, 3]), classes: 1) { patch in
            seen = patch.values
            return patch
        }
        #expect(seen == [5, 5, 6, 7, 7, 7])
    }

    @Test func progressCountsWindowsAndCancels() throws {
        struct Cancelled: Error {}
        let window = try SlidingWindow(window: [8, 8, 8], plan: WindowPlan(overlap: 0))
        var calls: [Int] = []
        #expect(throws: Cancelled.self) {
            try window.predict(Tensor(zeros: [1, 1, 16, 16, 8]), classes: 1, progress: { done, all in
                calls.append(done)
                #expect(all == 4)
                if done == 2 { throw Cancelled() }
            }, predictor: { $0 })
        }
        #expect(calls == [1, 2])
    }

    @Test func refusesAnOverlapOfOne() {
        let error = #expect(throws: SegmentationError.self) { try SlidingWindow(window: [8, 8, 8], plan: WindowPlan(overlap: 1)) }
        #expect(error?.code == .invalidWindow)
    }
}
