import Faults
package import Foundation

/// What a report on a training is made of.
///
/// Names of cases are shown as they are; they must be pseudonyms.
package struct TrainingReport: Sendable {
    package typealias Fact = EvaluatedModel.Fact

    /// What an epoch gave; nil: not measured.
    package struct Epoch: Sendable {
        /// From 1.
        package var number: Int
        package var loss: Double
        package var diceLoss: Double?
        package var crossEntropy: Double?
        package var learningRate: Double
        /// Mean over batches of validation patches.
        package var validationLoss: Double?
        package var validationDice: Double?
        package var pseudoDice: Double?
        /// By the class's name, in the order in which they are shown.
        package var validationDiceByClass: [(name: String, value: Double)]
        package var seconds: Double
        /// 0…1
        package var waitedShare: Double?
        package var peakMemoryInBytes: Int?

        package init(number: Int, loss: Double, learningRate: Double, seconds: Double) {
            self.number = number
            self.loss = loss
            self.learningRate = learningRate
            self.seconds = seconds
            validationDiceByClass = []
        }
    }

    /// A model version that it made.
    package struct Model: Sendable {
        package var name: String
        package var facts: [Fact]

        package init(name: String, facts: [Fact]) {
            self.name = name
            self.facts = facts
        }
    }

    /// A case of the snapshot that it learned from.
    package struct Case: Sendable {
        package var name: String
        /// `train` or `validation`.
        package var use: String
        package var image: String
        package var label: String

        package init(name: String, use: String, image: String, label: String) {
            self.name = name
            self.use = use
            self.image = image
            self.label = label
        }
    }

    /// For instance `spine on lumbar`.
    package var title: String
    /// State, job, code versions …
    package var facts: [Fact]
    /// In order, each once.
    package var epochs: [Epoch]
    /// The one whose weights are kept; nil: none was judged.
    package var bestEpoch: Int?
    /// What it had to say beyond its figures.
    package var remarks: [String]
    /// The best weights first.
    package var models: [Model]
    package var cases: [Case]
    /// SHA-256 of the cases; nil: the order names none.
    package var snapshot: String?
    /// As they are stored.
    package var recipe: String
    package var plan: String

    package init(
        title: String, facts: [Fact], epochs: [Epoch], bestEpoch: Int? = nil, remarks: [String], models: [Model],
        cases: [Case],
        snapshot: String?, recipe: String, plan: String
    ) {
        self.title = title
        self.facts = facts
        self.epochs = epochs
        self.bestEpoch = bestEpoch
        self.remarks = remarks
        self.models = models
        self.cases = cases
        self.snapshot = snapshot
        self.recipe = recipe
        self.plan = plan
    }
}

extension ReportWriter {
    /// Writes `training.html` into `folder`, which is made if it is not there: everything in one file that fetches
    /// nothing. Equal reports give equal bytes.
    ///
    /// Throws `notWritable`.
    package static func write(_ report: TrainingReport, to folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ReportError(.notWritable, "the report's folder cannot be made: check permissions and space")
        }
        let pages = TrainingPages(report: report)
        let frame = ReportFrame(
            kind: "training report", title: report.title, entries: pages.entries, contents: "nothing of patients")
        let file = try ReportFile("training.html", in: folder)
        try file.append(frame.opening().markup)
        try file.append(pages.html().markup)
        try file.append(frame.closing.markup)
        try file.finish()
    }
}
