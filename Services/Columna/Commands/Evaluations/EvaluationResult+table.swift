import Anatomy
import Console
import Documents
import Foundation
import Operations
import Studies

extension EvaluationResult {
    func show() {
        print(
            "\(run.model) over \(run.measured) of \(Wording.count(run.cases, "case")) of \(run.dataSet), split \(run.split): mean ± standard deviation\n"
        )
        print(EvaluationPresentation.table(cohort, labelSet: Self.labelSet))
        if let unrepaired {
            print("\nwithout the repair\n")
            print(EvaluationPresentation.table(unrepaired, labelSet: Self.labelSet))
        }
        let names = Dictionary(uniqueKeysWithValues: Self.labelSet.labels.map { ($0.value, $0.name) })
        if !badCases.isEmpty { print("\n" + EvaluationPresentation.text(badCases, names)) }
        if let text = EvaluationPresentation.text(truthNotes) { print("\n" + text) }
        print("\nreport: columna report \(run.evaluation) -o report")
    }
}
