import Augmentation
import Networks
import Plans
import Ranks
import Segmentation
import TensorCore
import Volumes

extension Trainer {
    /// Dice over whole validation cases, by sliding windows; nil where none is due. Ranks take the cases by turns.
    func validate(
        _ run: Run, report: (TrainingEvent) throws -> Void
    ) throws -> ValidationScore? {
        let epoch = run.state.epoch + 1
        let isDue =
            recipe.epochsPerValidation > 0 && (epoch % recipe.epochsPerValidation == 0 || epoch == recipe.epochs)
        guard isDue, !split.validation.isEmpty else { return nil }
        // The step's activations and the windows' are never held together.
        execution.workspace.release()
        let segmenter = try Segmenter(
            Model(plan: plan, parameters: run.judged), arithmetic: recipe.arithmetic, pool: pool)
        var own: [Int] = []
        for (number, index) in split.validation.enumerated() where exchange.hasTurn(number) {
            let loaded = try cache.load(index)
            let labels = try segmenter.networkLabels(networkReady: loaded.image) { progress in
                try report(
                    .validating(
                        number: number + 1, of: split.validation.count, window: progress.windows,
                        windows: progress.allWindows))
            }
            own += DiceScore(prediction: labels.voxels, truth: segmenter.named(loaded.label).voxels).counts
        }
        let length = DiceScore.countsLength
        let all = exchange.gatheredByTurns(own, of: split.validation.count, each: length)
        var score = ValidationScore()
        for first in stride(from: 0, to: all.count, by: length) {
            score.add(DiceScore(counts: all[first..<first + length]))
        }
        return score
    }

    /// nnU-Net's pseudo-Dice and validation loss: over crops of the validation cases, drawn as those to learn from and
    /// not augmented; Dice of all voxels of the epoch together. Nil where the recipe wants none. Ranks take the batches
    /// by turns.
    func pseudoValidate(
        _ run: Run, report: (TrainingEvent) throws -> Void
    ) throws -> PseudoScore? {
        guard recipe.pseudoValidationSteps > 0 else { return nil }
        let sampler = CropSampler(
            recipe: recipe, patch: patch, padding: plan.slidingWindow.padding, leftRightAxis: plan.leftRightAxis,
            isForValidation: true)
        let network = try Network(configuration: plan.network, parameters: run.judged)
        var (counts, losses) = (OverlapCounts(labels: plan.classLabels ?? Array(0..<plan.classes)), [Double]())
        for step in 0..<recipe.pseudoValidationSteps where exchange.hasTurn(step) {
            let crops = try (0..<recipe.cropsPerStep).map { place in
                let number = (run.state.epoch * recipe.pseudoValidationSteps + step) * recipe.cropsPerStep + place
                var random = StepRandom(seed: recipe.seed, purpose: .validationOrder, index: number)
                let index = split.validation[random.below(split.validation.count)]
                return sampler.crop(try cache.load(index), number: number)
            }
            let batch = Batch(crops)
            var heads: [Tensor?] =
                usesAllHeads
                ? try network.outputs(batch.image, by: execution) : [try network.logits(batch.image, by: execution)]
            if let logits = heads[0] { counts.add(logits, truth: batch.labels) }
            let terms = recipe.lossValue(&heads, labels: batch.labels, pool: pool)
            losses.append(terms.dice + terms.crossEntropy)
            try report(
                .validating(number: step + 1, of: recipe.pseudoValidationSteps, window: 1, windows: 1))
        }
        counts.sum(over: exchange)
        let all = exchange.gatheredByTurns(losses, of: recipe.pseudoValidationSteps)
        return PseudoScore(diceByClass: counts.diceByClass, loss: all.reduce(0, +) / Double(all.count))
    }
}

/// What an epoch's validation crops gave.
struct PseudoScore {
    let diceByClass: [Int: Double]
    let loss: Double
}

/// Voxels by label over many crops.
private struct OverlapCounts {
    /// Of each class.
    private let labels: [Int]
    private var intersection: [Int]
    /// Of prediction and truth together.
    private var either: [Int]

    init(labels: [Int]) {
        self.labels = labels
        intersection = [Int](repeating: 0, count: (labels.max() ?? 0) + 1)
        either = intersection
    }

    /// - Parameters:
    ///   - logits: (N, K, D, H, W).
    ///   - truth: N·D·H·W classes.
    mutating func add(_ logits: Tensor, truth: [UInt8]) {
        let (classes, voxels) = (logits.shape[1], logits.shape[2...].reduce(1, *))
        logits.withUnsafeBufferPointer { logits in
            for sample in 0..<truth.count / voxels {
                let first = sample * classes * voxels
                for voxel in 0..<voxels {
                    var (chosen, highest) = (0, logits[first + voxel])
                    for candidate in 1..<classes where logits[first + candidate * voxels + voxel] > highest {
                        (chosen, highest) = (candidate, logits[first + candidate * voxels + voxel])
                    }
                    let (found, label) = (labels[chosen], labels[Int(truth[sample * voxels + voxel])])
                    either[found] += 1
                    either[label] += 1
                    if found == label { intersection[label] += 1 }
                }
            }
        }
    }

    mutating func sum(over exchange: any RankExchange) {
        let count = either.count
        let all = exchange.gathered(intersection + either)
        for label in 0..<count {
            let places = stride(from: label, to: all.count, by: 2 * count)
            intersection[label] = places.reduce(0) { $0 + all[$1] }
            either[label] = places.reduce(0) { $0 + all[$1 + count] }
        }
    }

    /// Of the labels 1… that prediction or truth has.
    var diceByClass: [Int: Double] {
        var result: [Int: Double] = [:]
        for label in 1..<either.count where either[label] > 0 {
            result[label] = 2 * Double(intersection[label]) / Double(either[label])
        }
        return result
    }
}
