package import Documents
import Foundation
import JobEngine
package import Studies

extension EvaluationRun: Documented {
    package var document: JSONValue {
        [
            "evaluation": JSONValue(evaluation), "state": JSONValue(state.rawValue), "model": JSONValue(model),
            "data_set": JSONValue(dataSet), "split": JSONValue(split), "snapshot": JSONValue(snapshot),
            "code_version": JSONValue(codeVersion), "repairs": JSONValue(repairs), "cases": JSONValue(cases),
            "measured": JSONValue(measured), "failed": JSONValue(failed), "mean_dice": JSONValue(meanDice),
            "mean_hausdorff95": JSONValue(meanHausdorff95),
        ]
    }
}
