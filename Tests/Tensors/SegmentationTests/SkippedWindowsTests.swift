import Plans
import Segmentation
import TensorCore
import Testing

@Suite struct SkippedWindowsTests {
    /// Air (−1) but for the voxels k ≥ 20 of 32.
    private let input: Tensor = {
        var input = Tensor([Float](repeating: -1, count: 4 * 4 * 32), shape: [1, 1, 4, 4, 32])
        for row in 0..<16 { for k in 20..<32 { input[row * 32 + k] = Float(k) / 32 } }
        return input
    }()

    /// Sees class 1 everywhere, even in air.
    private func answer(_ patch: Tensor) -> Tensor {
        Tensor(
            [Float](repeating: 1, count: patch.count) + patch.values.map { 3 + $0 }, shape: [1, 2] + patch.shape[2...])
    }

    private func window(_ airAtOrBelow: Float?) throws -> SlidingWindow {
        try SlidingWindow(window: [4, 4, 8], plan: WindowPlan(overlap: 0.5), airAtOrBelow: airAtOrBelow)
    }

    @Test func voxelsOfAirAloneAreBackgroundAndTheRestIsAsBefore() throws {
        // Starts 0, 4, 8 … 24; those at 0, 4, 8 and 12 hold only air.
        var reports: [WindowProgress] = []
        let all = try window(nil).predict(input, classes: 2, predictor: answer)
        let logits = try window(-1).predict(input, classes: 2, progress: { reports.append($0) }, predictor: answer)
        #expect(reports.last?.skipped == 4 && reports.last?.windows == 7)
        #expect(reports.map(\.windows) == [1, 2, 3, 4, 5, 6, 7])
        #expect(reports[3].description == "window 4 of 7, 4 skipped as air")
        for voxel in 0..<input.count {
            let (background, other) = (logits[voxel], logits[input.count + voxel])
            if voxel % 32 < 16 {
                #expect(background == 0 && other == -16)
            } else if voxel % 32 >= 20 {
                #expect(background == all[voxel] && other == all[input.count + voxel])
            } else {
                // Seen by one window less than before, whose answer stands alone.
                #expect(abs(background - 1) < 1e-6 && abs(other - 2) < 1e-6)
            }
        }
    }

    @Test func nothingChangesWhereNothingIsAir() throws {
        var reports: [WindowProgress] = []
        let logits = try window(-1.5).predict(input, classes: 2, progress: { reports.append($0) }, predictor: answer)
        #expect(reports.last?.skipped == 0)
        #expect(try logits.values == window(nil).predict(input, classes: 2, predictor: answer).values)
    }

    @Test func aVolumeOfAirIsAllBackground() throws {
        let air = Tensor([Float](repeating: -1, count: 27), shape: [1, 1, 3, 3, 3])
        let logits = try window(-1).predict(air, classes: 2) { _ in
            Issue.record("the network was asked")
            return Tensor(zeros: [1, 2, 4, 4, 8])
        }
        #expect(logits.values == [Float](repeating: 0, count: 27) + [Float](repeating: -16, count: 27))
    }

    @Test func aVoxelThatIsNoNumberIsNotAir() throws {
        var input = Tensor([Float](repeating: -1, count: 128), shape: [1, 1, 4, 4, 8])
        input[77] = .nan
        var passes = 0
        _ = try window(-1).predict(input, classes: 2) { patch in
            passes += 1
            return Tensor(zeros: [1, 2] + patch.shape[2...])
        }
        #expect(passes == 1)
    }
}
