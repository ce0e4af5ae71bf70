import ArgumentParser
import Augmentation
import Console
import Documents
import Foundation
import JobEngine
import Learning
import Networks
import Operations
import Plans
import Studies
import TensorCore

/// `columna train start`: a job that makes a model version from a data set.
struct TrainStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Train a new version of a model on a data set.",
        discussion: """
            The plan fixes what the network sees and is (spacing, intensities, patch, SegResNet's sizes), the recipe how it is trained. Both start
            from their defaults or from files; single options change single decisions. Batch and patch that the recipe leaves open are those that
            `columna dataset plan` planned; which were taken is said.

            Examples:
              columna train start --data-set lumbar --model spine --wait
              columna train start --data-set lumbar --model small --filters 8 --patch 64
              columna train start --data-set lumbar --model spine --epochs 20 --seed 7
              columna train start --data-set total --model spine --plan plan.json --watch
              columna train start --data-set total --model spine-0 --fold 0
              columna train start --data-set total --model spine --recipe segresnet-strong
              columna train start --data-set phantom:anywhere --model spine --steps-per-epoch 250
              columna train start --data-set corrected --model spine --from spine@3 --learning-rate 1e-5
            """)

    @Option(
        help: ArgumentHelp(
            "The data set to train on, or one that is generated meanwhile: \(GeneratedDataSet.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "name"))
    var dataSet: String

    @Option(help: "The model's name; it gets the next version.")
    var model: ModelReference

    @Option(help: ArgumentHelp("The plan (JSON).", valueName: "file"))
    var plan: String?

    @Option(
        help: ArgumentHelp(
            "The recipe: a name of `columna train recipes`, or a file (YAML or JSON).", valueName: "name or file"))
    var recipe: String?

    @Option(help: "How many epochs.", in: .from(1))
    var epochs: Int?

    @Option(help: "Crops per epoch; one per training case when left out.", in: .from(1))
    var stepsPerEpoch: Int?

    @Option(help: "Crops per step.", in: .from(1))
    var batchSize: Int?

    @Option(help: "The learning rate.", in: .above(0, below: 1))
    var learningRate: Double?

    @Option(help: "constant, polynomial, polynomial-by-epoch or cosine.")
    var schedule: Schedule?

    @Option(help: "none, light, nnunet or strong.")
    var augmentation: Augmentation.Preset?

    @Option(help: "Share of the crops that are centred on a vertebra, 0…1.", in: .from(0, to: 1))
    var foregroundFraction: Double?

    @Option(help: "Share of the cases kept for validation, from 0 and below 1.", in: .from(0, below: 1))
    var validationFraction: Double?

    @Option(help: "Validate after every n-th epoch; 0 never.", in: .from(0))
    var epochsPerValidation: Int?

    @Option(help: "Everything random follows from it.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Edge of the network's windows and of the crops: one number or three separated by commas.",
            valueName: "voxels"), transform: Numbers.wholeTriple)
    var patch: [Int]?

    @Option(help: "Channels of SegResNet's first level.", in: .from(1))
    var filters: Int?

    @Option(help: "dice-cross-entropy (MONAI's), present-classes or deep-supervision (nnU-Net's, for the U-Nets).")
    var loss: Recipe.Loss?

    @Flag(help: "Compute convolutions by direct sums instead of Winograd's algorithm: about four times slower.")
    var exact = false

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.routine

    @Option(
        help:
            "Begin with this model's weights, classes by their labels, and with its plan unless --plan gives another."
    )
    var from: ModelReference?

    @Option(
        help: "Learn from this fold of the data set, and validate on it; else train and val are its splits.",
        in: .from(0))
    var fold: Int?

    @Option(
        help: ArgumentHelp("Time between two checkpoints.", valueName: "minutes"), in: .from(0.1, to: 24 * 60))
    var checkpointEvery = TrainModel.customaryMinutesBetweenCheckpoints

    @Flag(help: "Wait until it has ended, showing the epochs; exit code 1 if it died.")
    var wait = false

    @Flag(help: "The same with the curves of loss and Dice.")
    var watch = false

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard model.version == nil else {
            throw CommandFailure(.usage, "--model takes no version: the next one is given")
        }
        let recipe = try chosenRecipe()
        // What is wrong with the options is said before a system is looked for.
        var plan = try chosenPlan(Plan())
        let system = try SystemConnection()
        if let from { plan = try chosenPlan(Plan(json: Data(try await system.model(from).planJSON.utf8))) }
        var order = TrainingOrder(
            model: model, dataSet: dataSet, tenant: tenant, plan: plan, recipe: recipe, priority: priority)
        (order.fold, order.startsFrom) = (fold, from)
        order.minutesBetweenCheckpoints = checkpointEvery
        let id = try await order.place(in: system)
        let steps = recipe.stepSentence(under: plan)
        guard wait || watch else {
            output.show(["job": JSONValue(id.description), "steps": JSONValue(steps)]) {
                print("training is job \(id), \(steps); follow it with `columna train watch \(id)`")
            }
            return
        }
        remark("columna: training is job \(id), \(steps)")
        try await TrainingWatch(
            id, in: system, timeoutInSeconds: timeout.seconds, output: output, as: watch ? .curves : .progress
        ).follow()
    }

    /// - Parameter usual: where no file says another.
    private func chosenPlan(_ usual: Plan) throws -> Plan {
        var plan = try plan.map { try NamedFile("--plan", $0).read(Plan.init(json:)) } ?? usual
        if let patch { plan.patch = patch }
        if let filters {
            guard var network = plan.network.segResNet else {
                throw ValidationError(
                    "--filters is for a segresnet, the plan's network is a \(plan.network.architecture.rawValue)")
            }
            network.initialFilters = filters
            // As few channels as that cannot be normalised in eight groups.
            if case .group(let groups) = network.norm, filters > 0, filters % groups != 0, filters < groups {
                network.norm = .group(filters)
            }
            plan.network.segResNet = network
        }
        try usage(of: plan.validate)
        return plan
    }

    /// A file of a preset's name has to be said with its folder: ./segresnet-strong.
    private static func recipe(named name: String) throws -> Recipe {
        if let preset = RecipePreset(rawValue: name) { return try preset.recipe() }
        let looksLikeName = !name.contains { "./".contains($0) }
        guard !looksLikeName || FileManager.default.fileExists(atPath: name) else {
            let known = RecipePreset.allCases.map(\.rawValue)
            let meant = Spelling.nearest(to: name, among: known).map { "did you mean \($0)?" }
            throw CommandFailure(
                .badData,
                "--recipe: there is no recipe and no file '\(name)', \(meant ?? "expected a file or one of \(known.joined(separator: ", "))")"
            )
        }
        return try NamedFile("--recipe", name).read(Recipe.init(yaml:))
    }

    private func chosenRecipe() throws -> Recipe {
        var recipe = try recipe.map(Self.recipe(named:)) ?? Recipe()
        if let epochs { recipe.epochs = epochs }
        // The plan's, which has it.
        if patch != nil { recipe.patch = nil }
        if let stepsPerEpoch { recipe.stepsPerEpoch = stepsPerEpoch }
        if let batchSize { recipe.batchSize = batchSize }
        if let loss { recipe.loss = loss }
        if let learningRate { recipe.learningRate = learningRate }
        if let schedule { recipe.schedule = schedule }
        if let augmentation { recipe.augmentation = Augmentation(augmentation) }
        if let foregroundFraction { recipe.foregroundFraction = foregroundFraction }
        if let validationFraction { recipe.validationFraction = validationFraction }
        if let epochsPerValidation { recipe.epochsPerValidation = epochsPerValidation }
        if let seed { recipe.seed = seed }
        if exact { recipe.arithmetic = .exact }
        try usage(of: recipe.validate)
        return recipe
    }
}

extension Schedule: DescribedArgument {}
extension Recipe.Loss: DescribedArgument {}
extension Augmentation.Preset: DescribedArgument {}
