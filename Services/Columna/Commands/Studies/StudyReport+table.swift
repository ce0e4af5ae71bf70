import Console
import Documents
import Foundation
import JobEngine
import Operations
import Studies

extension StudyReport {
    func show() {
        print("study \(study.id) \(study.state.rawValue)\n")
        var steps = TextTable("job", "kind", "state", ">seconds", "note")
        for job in jobs {
            let seconds = job.startedAt.flatMap { start in job.finishedAt.map { $0.timeIntervalSince(start) } }
            steps.add(
                job.id.description, job.kind.rawValue, job.state.rawValue, Wording.ratio(seconds, digits: 1),
                JobPresentation.note(job))
        }
        print(steps.text)
        if !outputs.isEmpty {
            var table = TextTable("artifact", ">size", "address or path")
            for output in outputs {
                table.add(output.reference.role, Wording.bytes(output.reference.byteCount), output.place)
            }
            print("\n" + table.text)
        }
        if let judgement,
            !PlausibilityPresentation.lines(findings: judgement.findings, repairs: judgement.repairs?.map(\.sentence))
                .isEmpty
        {
            print("")
            PlausibilityPresentation.show(judgement)
        }
        if !metrics.isEmpty { print("\n" + MetricsPresentation.table(metrics)) }
    }
}
