package import Foundation
package import JobEngine

/// What handlers and the command line look up: models, data sets, studies. Read only, but for operators' decisions.
package protocol Catalog: Sendable {
    /// `version` nil: the promoted version; nil if none was promoted, whatever versions there are.
    func modelVersion(name: String, version: Int?) async throws -> ModelVersion?
    /// Newest first.
    func modelVersions() async throws -> [ModelVersion]
    /// Makes a version the one that `NAME` alone means. False: there is none such.
    func promoteModel(name: String, version: Int, actor: String) async throws -> Bool
    /// Keeps what decided about a version, and promotes it if that let it pass and `NAME` alone still means the version
    /// that it was held against. Returns what `NAME` meant until then.
    ///
    /// - Parameters:
    ///   - job: that decides, once however often it is tried: asked again, it gets what it was held against if it was
    ///     promoted then. Nil: a person asks.
    ///   - round: that the version learned in. Where one of its corrections was withdrawn, nothing is promoted, and nil
    ///     is returned.
    func record(_ gate: PromotionGate, actor: String, job: JobID?, round: CorrectionRound?) async throws
        -> ModelReference?
    /// What was decided about a model's versions, newest first; nil: about all models'.
    func gates(of model: String?) async throws -> [DecidedGate]
    /// The CTs that network-ready images were made of, as far as that was recorded.
    func volumes(of images: [ContentAddress]) async throws -> Set<ContentAddress>
    /// Makes the version that was promoted before the present one the one that `NAME` alone means again; returns the
    /// two. Nil: none was.
    func rollBackModel(name: String, actor: String) async throws -> (withdrawn: Int, standing: Int)?
    /// Registers weights that were made elsewhere; returns the new version's number.
    func registerModel(_ draft: ModelVersionDraft, actor: String) async throws -> Int
    /// Ordered by case name. `split` nil: all.
    func cases(dataSet: String, tenant: Tenant, split: String?) async throws -> [DataSetCase]
    func dataSets(tenant: Tenant?) async throws -> [DataSetSummary]
    /// By number; none where nobody made any.
    func folds(dataSet: String, tenant: Tenant) async throws -> [DataSetFold]
    /// Puts folds in the place of those that are there.
    func record(_ folds: [DataSetFold], of dataSet: String, tenant: Tenant, actor: String) async throws
    /// The last order of each case that was to be imported, by case name.
    func imports(dataSet: String, tenant: Tenant) async throws -> [CaseImport]
    /// Records that cases were not submitted and why (refused or known to be broken), but of those that the data set has.
    func record(refused: [CaseImport], dataSet: String, tenant: Tenant) async throws
    /// What was found in the labels of the data set's cases, by case name; none of cases that were imported before
    /// labels were checked.
    func checks(dataSet: String, tenant: Tenant) async throws -> [String: LabelCheck]
    /// Takes cases out of a data set, with its folds if no case is left; returns how many there were. Nil for `names`:
    /// all. Their bytes stay in storage, for what was learned from them.
    func removeCases(_ names: [String]?, dataSet: String, tenant: Tenant, actor: String) async throws -> Int
    func study(_ id: StudyID) async throws -> Study?
    /// What jobs measured, ordered by case name and variant.
    func measurements(of jobs: [JobID]) async throws -> [MeasuredCase]
    /// Of a training, with those of the run that it goes on from.
    func epochs(of job: JobID) async throws -> [EpochMetrics]
    /// Likewise, of those that have ended an epoch.
    func epochTallies(of jobs: [JobID]) async throws -> [JobID: EpochTally]
    /// What a training had to say beyond its figures, oldest first.
    func remarks(of job: JobID) async throws -> [NotedRemark]
    /// Each tenant's newest order for a model, whatever became of it, by tenant.
    func newestTrainings(of model: String) async throws -> [(tenant: Tenant, job: JobID)]
    /// What trainings left, in the order of their variants.
    func models(of job: JobID) async throws -> [ModelVersion]
    /// Nil: the job judged no segmentation.
    func judgement(of job: JobID) async throws -> SegmentationJudgement?

    // MARK: Evaluations

    /// What a data set holds, with the bytes each case was made from. Cases that were registered without those are left
    /// out.
    func snapshot(dataSet: String, tenant: Tenant) async throws -> DataSetSnapshot
    /// Puts cases into a split; returns how many there were. Nil for `names`: all.
    func assign(_ names: [String]?, to split: String, dataSet: String, tenant: Tenant, actor: String) async throws
        -> Int
    func evaluation(_ id: EvaluationID) async throws -> Evaluation?
    /// Records an evaluation whose cases' jobs exist, with its snapshot. A repeat changes nothing but the jobs it
    /// names.
    func register(_ evaluation: Evaluation, of snapshot: DataSetSnapshot, actor: String) async throws
    /// Newest first; `evaluation` nil: all.
    func runs(of evaluation: EvaluationID?, limit: Int) async throws -> [EvaluationRun]
    /// Records a comparison of two evaluations, and its job once there is one.
    func register(comparison: ComparisonID, a: EvaluationID, b: EvaluationID, job: JobID?) async throws
}

/// How far an evaluation is, and its headline figures.
package struct EvaluationRun: Sendable, Equatable {
    package enum State: String, Sendable, Codable { case running, complete, incomplete }

    package var evaluation: EvaluationID
    package var tenant: Tenant
    package var dataSet: String
    package var split: String
    package var model: ModelReference
    package var snapshot: String
    package var codeVersion: String
    package var repairs: Bool
    package var state: State
    package var cases: Int
    package var measured: Int
    package var failed: Int
    /// Over cases; nil until complete.
    package var meanDice: Double?
    package var meanHausdorff95: Double?
    package var orderedAt: Date

    package init(
        evaluation: EvaluationID, tenant: Tenant, dataSet: String, split: String, model: ModelReference,
        snapshot: String,
        codeVersion: String,
        repairs: Bool, state: State, cases: Int, measured: Int, failed: Int, meanDice: Double?,
        meanHausdorff95: Double?, orderedAt: Date
    ) {
        self.evaluation = evaluation
        self.tenant = tenant
        self.dataSet = dataSet
        self.split = split
        self.model = model
        self.snapshot = snapshot
        self.codeVersion = codeVersion
        self.repairs = repairs
        self.state = state
        self.cases = cases
        self.measured = measured
        self.failed = failed
        self.meanDice = meanDice
        self.meanHausdorff95 = meanHausdorff95
        self.orderedAt = orderedAt
    }
}

package struct ModelVersion: Sendable, Equatable {
    package var name: String
    package var version: Int
    package var weights: ArtifactReference
    package var planJSON: String
    package var recipeJSON: String
    package var dataSet: String?
    package var validationDice: Double?
    package var isPromoted: Bool
    /// The training job; nil for imported weights.
    package var job: JobID?
    package var createdAt: Date
    /// Nil: imported, or from before runs left several (then the best).
    package var variant: ModelVariant?

    package var reference: ModelReference { ModelReference(name: name, version: version) }

    package init(
        name: String, version: Int, weights: ArtifactReference, planJSON: String, recipeJSON: String, dataSet: String?,
        validationDice: Double?, isPromoted: Bool, job: JobID?, createdAt: Date, variant: ModelVariant? = nil
    ) {
        self.name = name
        self.version = version
        self.weights = weights
        self.planJSON = planJSON
        self.recipeJSON = recipeJSON
        self.dataSet = dataSet
        self.validationDice = validationDice
        self.isPromoted = isPromoted
        self.job = job
        self.createdAt = createdAt
        self.variant = variant
    }
}

package struct DataSetSummary: Sendable, Equatable {
    package var name: String
    package var tenant: Tenant
    package var caseCount: Int
    /// Cases that were ordered and are not there: under way, failed or not readable.
    package var absentCount: Int

    package init(name: String, tenant: Tenant, caseCount: Int, absentCount: Int = 0) {
        self.absentCount = absentCount
        self.name = name
        self.tenant = tenant
        self.caseCount = caseCount
    }
}
