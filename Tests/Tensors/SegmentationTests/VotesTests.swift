import Anatomy
import Foundation
import Networks
import Plans
import Segmentation
import Statistics
import TensorCore
import Testing
import Volumes

/// What is kept of a network's thoughts, beside the softmax of all its logits.
@Suite struct VotesTests {
    private static let classes = 5

    private func model(labels: [Int]? = nil) throws -> Model {
        var plan = Plan()
        plan.labelSet = "toy"
        plan.patch = [16, 16, 16]
        plan.classLabels = labels
        plan.network = .segResNet(
            SegResNet.Configuration(
                outputChannels: Self.classes, initialFilters: 8, blocksDown: [1, 1], blocksUp: [1]))
        return try Model(plan: plan, parameters: Network(configuration: plan.network, seed: 3).parameters)
    }

    /// On the network's own grid, so that nothing is interpolated.
    private func image(_ plan: Plan) throws -> Volume<Float> {
        let geometry = Geometry(
            size: [20, 13, 25], affine: Affine(spacingInMillimetres: plan.spacingInMillimetres, origin: [5, 6, 7])
        ).reoriented(to: try #require(Orientation(plan.orientation)))
        return Volume(geometry: geometry, voxels: (0..<geometry.voxelCount).map { Float(($0 * 31) % 900) - 200 })
    }

    /// Of each voxel in the tensor's order, the probabilities of all classes.
    private func softmax(_ model: Model, _ ready: Volume<Float>) throws -> [[Double]] {
        let window = try SlidingWindow(window: model.plan.patch, plan: model.plan.slidingWindow)
        let logits = try window.predict(TensorVolume.tensor(ready), classes: Self.classes) {
            try model.network.logits($0, by: .inference())
        }
        let count = ready.voxels.count
        return logits.withUnsafeBufferPointer { values in
            (0..<count).map { voxel in
                let powers = (0..<Self.classes).map { exp(Double(values[$0 * count + voxel])) }
                return powers.map { $0 / powers.reduce(0, +) }
            }
        }
    }

    @Test(arguments: [nil, [0, 1, 2, 2, 0]] as [[Int]?])
    func votesAreTheSoftmaxOfBoneAndBoneIsWhatLabelsAreTogether(labels: [Int]?) throws {
        let model = try model(labels: labels)
        let image = try image(model.plan)
        let ready = try Preprocessor(model.plan).networkReady(image: image)
        let result = try Segmenter(model, gathersVotes: true).segment(image: image)
        let names = labels ?? Array(0..<Self.classes)
        let written = TensorVolume.labels(
            result.labels.reoriented(to: try #require(Orientation(model.plan.orientation))))
        var (sums, entropy, bones, differ, wavering) = ([Double](repeating: 0, count: 5), 0.0, 0, 0, 0)
        for (voxel, shares) in try softmax(model, ready).enumerated() {
            let bone = zip(names, shares).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
            if abs(bone - 0.5) < 1e-4 { continue }
            if (bone > 0.5) != (written[voxel] > 0) { differ += 1 }
            guard bone > 0.5 else { continue }
            bones += 1
            if shares.indices.max(by: { shares[$0] < shares[$1] }).map({ names[$0] }) == 0 { wavering += 1 }
            for (name, share) in zip(names, shares) where name > 0 { sums[name] += share }
            entropy -= shares.reduce(0) { $0 + $1 * log($1) } / log(Double(Self.classes))
        }
        #expect(differ == 0 && bones > 100)
        #expect(wavering > 0, "no voxel tells the sum of the names from the highest of all")
        let cells = try #require(result.votes).cells
        #expect(abs(cells.reduce(0) { $0 + $1.voxels } - bones) <= 2)
        for label in 1...(names.max() ?? 0) {
            let voted = cells.reduce(0) { $0 + Double($1.votes[label]) }
            #expect(abs(voted - sums[label]) < 1e-3 * sums[label] + 2, "label \(label): \(voted), \(sums[label])")
        }
        #expect(abs(cells.reduce(0) { $0 + Double($1.entropy) } - entropy) < 1e-3 * entropy + 2)
        #expect(cells.allSatisfy { $0.votes[0] == 0 })
        // They lie where the image does.
        let inverse = image.geometry.affine.inverse
        for cell in cells {
            let index = inverse.applied(to: cell.point)
            #expect((0..<3).allSatisfy { (-0.01...Double(image.geometry.size[$0]) - 0.99).contains(index[$0]) })
        }
    }

    @Test func nobodyIsAskedUnlessToldTo() throws {
        let model = try model()
        #expect(try Segmenter(model).segment(image: image(model.plan)).votes == nil)
    }

    /// Group sums decide, and within a group nothing changes.
    @Test(arguments: [1, 7, 8, 9, 100])
    func poolingMovesGroupsAndNothingWithinThem(count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        let groups = [false, true, true, false, true]
        let before = (0..<groups.count * count).map { _ in 8 * random.nextUnitFloat() - 4 }
        var after = before
        after.withUnsafeMutableBufferPointer { values in
            groups.withUnsafeBufferPointer { groups in
                guard let values = values.baseAddress, let groups = groups.baseAddress else { return }
                poolClasses(values, stride: count, isSecond: groups, classes: 5, count: count)
            }
        }
        for voxel in 0..<count {
            func best(_ group: Bool, _ values: [Float]) -> Float {
                groups.indices.filter { groups[$0] == group }.map { values[$0 * count + voxel] }.max() ?? 0
            }
            for group in [false, true] {
                let members = groups.indices.filter { groups[$0] == group }.map { $0 * count + voxel }
                let sum = members.reduce(0) { $0 + exp(Double(before[$1])) }
                let rises = members.map { after[$0] - before[$0] }
                #expect(rises.allSatisfy { abs($0 - rises[0]) < 1e-5 })
                // Where the second group cannot win, nothing need be moved.
                let isFar = best(false, before) - best(true, before) >= 6
                #expect(isFar ? rises[0] == 0 : abs(Double(best(group, after)) - log(sum)) < 1e-4)
            }
        }
    }
}
