import Augmentation
import Console
import Faults
import Foundation
import Networks
import TensorCore

/// One sample varied again and again, each time by other draws.
struct AugmentationBenchmark {
    struct Run {
        struct Entry {
            let name: String
            var count = 0
            var seconds = 0.0
        }

        /// The core's, not the clock's: what a patch costs however busy the machine is.
        var coreSeconds = 0.0
        /// In the order of their first application.
        var operators: [Entry] = []

        mutating func add(_ name: String, count: Int = 1, _ seconds: Double) {
            let place = operators.firstIndex { $0.name == name } ?? operators.count
            if place == operators.count { operators.append(Entry(name: name)) }
            operators[place].count += count
            operators[place].seconds += seconds
        }

        static func sum(_ runs: [Run]) -> Run {
            runs.reduce(into: Run()) { sum, run in
                sum.coreSeconds += run.coreSeconds
                for entry in run.operators { sum.add(entry.name, count: entry.count, entry.seconds) }
            }
        }
    }

    private let augmentation: Augmentation
    private let patch: [Int]
    private let sample: LabelledPatch
    private var index = 0

    init(_ augmentation: Augmentation, patch: [Int], input: String?) throws {
        self.augmentation = augmentation
        self.patch = patch
        let source = augmentation.sourcePatch(for: patch)
        guard let input else {
            sample = Self.bones(source)
            return
        }
        sample = try NamedFile("--input", input).read { data in
            let file = try Safetensors(data: data)
            let image = try file.tensor("image")
            guard image.shape.count == 3, try file.shape("labels") == image.shape else {
                throw TensorError(
                    .shapeMismatch, "image and labels must have the same shape (D, H, W), got \(image.shape)")
            }
            try image.requireFinite("the image")
            return LabelledPatch(image: image, labels: try file.bytes("labels"))
        }
    }

    /// Round bones with gaps between them, in noise.
    private static func bones(_ edges: [Int]) -> LabelledPatch {
        var random = StepRandom(seed: 1, purpose: .crop, index: 0)
        let count = edges.reduce(1, *)
        var labels = [UInt8](repeating: 0, count: count)
        var values = [Float](repeating: 0, count: count)
        for index in 0..<count {
            let place = [index / (edges[1] * edges[2]), index / edges[2] % edges[1], index % edges[2]]
            let across = hypot(Double(place[1] - edges[1] / 2), Double(place[2] - edges[2] / 2))
            let isBone = across < Double(edges[1]) / 12 && place[0] % 18 < 14
            if isBone { labels[index] = UInt8(1 + place[0] / 18 % 24) }
            values[index] = Float((isBone ? 1 : 0) + random.uniform(-0.5, 0.5))
        }
        return LabelledPatch(image: Tensor(values, shape: edges), labels: labels)
    }

    /// On the caller's thread.
    mutating func run(patches: Int) -> Run {
        var run = Run()
        for _ in 0..<patches {
            var (result, before) = (sample, Self.coreSeconds)
            let start = before
            for step in augmentation.operators(for: patch, leftRightAxis: 2, seed: 1, index: index) {
                step.apply(to: &result)
                let after = Self.coreSeconds
                run.add("\(type(of: step))", after - before)
                before = after
            }
            run.coreSeconds += before - start
            index += 1
        }
        return run
    }

    static var coreSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
