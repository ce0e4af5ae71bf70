import Foundation
import JobEngine
import Reports
import Studies

/// What a report calls its models, and what it says of where their numbers come from.
enum ReportNames {
    /// Each evaluation by its model, with what else it takes to tell two of one model apart.
    static func unique(_ evaluations: [Evaluation]) -> [String] {
        let names = evaluations.map { "\($0.model)\($0.identity.repairs ? ", repaired" : "")" }
        return zip(names, evaluations).map { name, one in
            names.count { $0 == name } == 1 ? name : "\(name) (\(one.id.description.prefix(8)))"
        }
    }

    static func title(_ names: [String], _ evaluations: [Evaluation]) -> String {
        let places = evaluations.map { "\($0.identity.dataSet), split \($0.identity.split)" }
        let first = names.joined(separator: " and ")
        return Set(places).count == 1 ? "\(first) on \(places[0])" : first
    }

    static func facts(_ run: EvaluationRun, _ evaluation: Evaluation) -> [EvaluatedModel.Fact] {
        let identity = evaluation.identity
        return [
            EvaluatedModel.Fact("model version", evaluation.model.rawValue),
            EvaluatedModel.Fact("data set", identity.dataSet),
            EvaluatedModel.Fact("split", identity.split),
            EvaluatedModel.Fact("data set snapshot", "sha256:\(identity.snapshot)"),
            EvaluatedModel.Fact("repair of label maps", identity.repairs ? "where unambiguous" : "none"),
            EvaluatedModel.Fact("code version", identity.codeVersion),
            EvaluatedModel.Fact("evaluation", evaluation.id.description),
        ]
            + (run.measured == run.cases
                ? [] : [EvaluatedModel.Fact("not measured", "\(run.cases - run.measured) of \(run.cases) cases")])
    }
}
