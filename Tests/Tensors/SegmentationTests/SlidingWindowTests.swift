import Faults
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

    /// A predictor that answers (x, 2x, −x) must come out as exactly that, however windows overlap and wherever they
    /// are padded.
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
            try window.predict(
                Tensor(zeros: [1, 1, 16, 16, 8]), classes: 1,
                progress: {
                    calls.append($0.windows)
                    #expect($0.allWindows == 4)
                    if $0.windows == 2 { throw Cancelled() }
                }, predictor: { $0 })
        }
        #expect(calls == [1, 2])
    }

    @Test func mirroredPassesAreCountedAndCancelledBetween() throws {
        struct Cancelled: Error {}
        let window = try SlidingWindow(window: [8, 8, 8], plan: WindowPlan(overlap: 0, mirroring: [0, 2]))
        var reports: [WindowProgress] = []
        var passes = 0
        #expect(throws: Cancelled.self) {
            try window.predict(
                Tensor(zeros: [1, 1, 16, 8, 8]), classes: 1,
                progress: {
                    reports.append($0)
                    if reports.count == 6 { throw Cancelled() }
                },
                predictor: {
                    passes += 1
                    return $0
                })
        }
        #expect(passes == 6)
        #expect(
            reports.map(\.description) == [
                "window 1 of 2, pass 1 of 4", "window 1 of 2, pass 2 of 4", "window 1 of 2, pass 3 of 4",
                "window 1 of 2",
                "window 2 of 2, pass 1 of 4", "window 2 of 2, pass 2 of 4",
            ])
        #expect(reports.map(\.fraction) == [0.125, 0.25, 0.375, 0.5, 0.625, 0.75])
    }

    /// A predictor that answers each voxel's place in its window: turned back and averaged, every place is the middle.
    @Test(arguments: [[], [0], [1, 2], [0, 1, 2]])
    func mirroredAnswersAreTurnedBackBeforeTheyAreAveraged(mirroring: [Int]) throws {
        let edges = [5, 6, 11]
        @Sendable func place(voxel: Int, axis: Int) -> Float {
            Float(axis == 0 ? voxel / 66 : axis == 1 ? voxel / 11 % 6 : voxel % 11)
        }
        let window = try SlidingWindow(window: edges, plan: WindowPlan(mirroring: mirroring))
        let logits = try window.predict(Tensor(zeros: [1, 1] + edges), classes: 3) { _ in
            Tensor((0..<3 * 330).map { place(voxel: $0 % 330, axis: $0 / 330) }, shape: [1, 3] + edges)
        }
        for voxel in 0..<330 {
            for axis in 0..<3 {
                let expected = mirroring.contains(axis) ? Float(edges[axis] - 1) / 2 : place(voxel: voxel, axis: axis)
                #expect(abs(logits[axis * 330 + voxel] - expected) < 1e-5)
            }
        }
    }

    /// What is mirrored on the way in and on the way out comes out as it was.
    @Test(arguments: [
        WindowPlan(mirroring: [0, 1, 2]), WindowPlan(convention: .nnUNet, padding: .zero, mirroring: [2, 0]),
    ])
    func aLocalPredictorDoesNotNoticeMirroring(plan: WindowPlan) throws {
        let window = try SlidingWindow(window: [4, 6, 9], plan: plan)
        let input = Tensor((0..<5 * 7 * 21).map { Float(($0 * 37) % 101) - 50 }, shape: [1, 1, 5, 7, 21])
        let logits = try window.predict(input, classes: 1) { $0 }
        for index in 0..<input.count { #expect(abs(logits[index] - input[index]) < 1e-4) }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func refusesAnswersThatAreNoNumbers(value: Float) throws {
        let window = try SlidingWindow(window: [2, 2, 11], plan: WindowPlan())
        for place in [0, 10, 43] {
            let error = #expect(throws: SegmentationError.self) {
                try window.predict(Tensor(zeros: [1, 1, 2, 2, 30]), classes: 1) { patch in
                    var answer = patch
                    answer[place] = value
                    return answer
                }
            }
            #expect(error?.code == .unusableLogits)
            #expect(error?.description.contains("window 1 of 5") == true, "\(error?.description ?? "")")
        }
    }

    @Test func refusesAnEmptyVolume() throws {
        let window = try SlidingWindow(window: [8, 8, 8], plan: WindowPlan())
        let error = #expect(throws: SegmentationError.self) {
            try window.predict(Tensor(zeros: [1, 1, 4, 0, 4]), classes: 1) { $0 }
        }
        #expect(error?.code == .unusableVolume)
        #expect(error?.description.contains("[4, 0, 4]") == true)
    }

    @Test func refusesAnOverlapOfOne() {
        let error = #expect(throws: SegmentationError.self) {
            try SlidingWindow(window: [8, 8, 8], plan: WindowPlan(overlap: 1))
        }
        #expect(error?.code == .invalidWindow)
    }
}
