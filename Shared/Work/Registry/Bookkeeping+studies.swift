import JobEngine
package import Persistence
import Studies

extension Bookkeeping {
    /// The work of Columna: what its jobs establish, and the studies that they serve.
    package static let studies = Bookkeeping(
        kinds: JobKind.all,
        facts: Dictionary(
            Fact.Kind.allCases.map { ($0.rawValue, statements(of: $0)) }, uniquingKeysWith: { first, _ in first }),
        afterEnd: [StudyStatements.lockStudiesOfJobs, StudyStatements.settleStudies],
        afterReplay: [StudyStatements.reopenStudies])

    private static func statements(of kind: Fact.Kind) -> [Statement] {
        switch kind {
        case .volumeDescribed: [FactStatements.describeVolume]
        case .labelChecked: DataSetStatements.checking
        case .caseAdded: [FactStatements.addCaseToDataSet]
        case .modelTrained: [CatalogStatements.registerModel]
        case .epochFinished: [FactStatements.recordEpoch]
        case .trainingRemarked: [FactStatements.recordRemark]
        case .caseMeasured: MeasurementStatements.recording
        case .evaluationSummarized: EvaluationStatements.summarizing
        case .evaluationsCompared: EvaluationStatements.comparing
        case .segmentationJudged: JudgementStatements.judging
        case .deliveryHeld: [FactStatements.holdDelivery]
        case .correctionAccepted: [CorrectionStatements.accept]
        case .rehearsed: [FactStatements.rehearse]
        }
    }
}
