import ArgumentParser
import Console
import Documents
import Foundation
import Learning
import Networks
import Plans
import Ranks
import Statistics
import TensorCore
import Threads
import Volumes

/// `columna-bench ranks`: steps of a training that several ranks share.
struct BenchmarkRanksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ranks",
        abstract: "Measure the steps of a training, by itself or as the ranks that mpirun starts.",
        discussion: """
            The whole step of the trainer on noise: crops, loss, backward, exchange, optimizer. Scripts/benchmark-ranks holds two ranks of one
            thread against one rank of two.

            Examples:
              columna-bench ranks --threads 2 --batch-size 2 --patch 96
              mpirun -np 2 columna-bench ranks --threads 1 --batch-size 2 --patch 96
            """)

    @Option(help: ArgumentHelp("Which network: \(Architecture.choices).", valueName: "name"))
    var architecture = Architecture.segResNet

    @Option(
        help: ArgumentHelp(
            "Edge of the crops in voxels, or D,H,W (default: 96 for segresnet and 128 for the U-Nets).",
            valueName: "voxels"))
    var patch: PatchSize?

    @Option(
        help: ArgumentHelp("Crops of a step, which the ranks share out.", valueName: "crops"), in: .from(1, to: 1024))
    var batchSize = 2

    @Option(help: "Threads of each rank.", in: .threads)
    var threads = 2

    @Option(help: "Measured steps, after one that warms up.", in: .repeats)
    var `repeat` = 5

    func run() async throws {
        let command = self
        try await OwnThread.run { try command.measure() }
    }

    private func measure() throws {
        let isRanked = ProcessInfo.processInfo.environment["OMPI_COMM_WORLD_SIZE"] != nil
        let ranks = isRanked ? try OpenMPI() : nil
        let exchange: any RankExchange = ranks ?? Alone()
        var plan = Plan()
        plan.network = .standard(architecture)
        plan.patch = patch.map { $0.edges.reversed() } ?? NetworkConfiguration.standardPatch(architecture)
        var recipe = Recipe()
        (recipe.epochs, recipe.stepsPerEpoch, recipe.batchSize) = (1, self.repeat + 1, batchSize)
        (recipe.validationFraction, recipe.epochsPerValidation) = (0, 0)
        if architecture != .segResNet { recipe.loss = .deepSupervision }
        let trainer = try Trainer(
            plan: plan, recipe: recipe, cases: Self.noise(plan), exchange: exchange, pool: ComputePool(threads: threads)
        )
        var seconds: [Double] = []
        var (began, loss) = (ContinuousClock.now, 0.0)
        _ = try trainer.run { event, _ in
            if case .step(let step) = event {
                seconds.append((ContinuousClock.now - began) / .seconds(1))
                loss = step.loss
            }
            began = .now
        }
        ranks?.finish()
        guard exchange.rank == 0 else { return }
        let measured = seconds.dropFirst().sorted()
        print(
            JSONValue.object([
                ("benchmark", "ranks"), ("architecture", .string(architecture.rawValue)),
                ("patch", JSONValue(plan.patch.map { .integer($0) })), ("batch_size", .integer(batchSize)),
                ("ranks", .integer(exchange.count)), ("threads", .integer(threads)),
                ("median_seconds", .number(measured[measured.count / 2])),
                ("seconds", JSONValue(measured.map { .number($0) })), ("last_loss", .number(loss)),
            ]).text)
    }

    /// Two cases somewhat larger than a crop, with all classes.
    private static func noise(_ plan: Plan) -> CasesInMemory {
        CasesInMemory(
            (0..<2).map { number in
                let geometry = Geometry(
                    size: plan.patch.map { $0 + 16 }, affine: Affine(spacingInMillimetres: plan.spacingInMillimetres))
                var generator = SplitMix64(seed: UInt64(number))
                let count = geometry.size.reduce(1, *)
                return TrainingCase(
                    image: Volume(geometry: geometry, voxels: (0..<count).map { _ in generator.nextUnitFloat() - 0.5 }),
                    label: Volume(
                        geometry: geometry, voxels: (0..<count).map { UInt8($0 * plan.classes / count) }))
            })
    }
}
