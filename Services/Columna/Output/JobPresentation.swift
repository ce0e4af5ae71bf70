import Console
import Documents
import Foundation
import Glibc
import JobEngine
import Operations

/// How jobs look in tables and in JSON.
enum JobPresentation {
    static func table(_ jobs: [JobRecord], now: Date) -> String {
        var table = TextTable(
            "job", "study", "kind", "state", ">progress", "tenant", "priority", ">attempt", "age", "note")
        for job in jobs {
            table.add(
                job.id.description, job.study.map { String($0.description.prefix(8)) } ?? "-",
                job.kind.rawValue, state(job),
                job.state == .running ? Wording.percent(job.progress) : "-", job.tenant.rawValue, job.priority.rawValue,
                String(job.attempt), Wording.duration(now.timeIntervalSince(job.createdAt)), note(job))
        }
        return table.text
    }

    /// The state, and what operators want of it.
    static func state(_ job: JobRecord) -> String {
        if job.isPaused { return "\(job.state.rawValue) (paused)" }
        if job.cancellationRequested, !job.state.isTerminal { return "\(job.state.rawValue) (cancelling)" }
        if job.finishRequested, !job.state.isTerminal { return "\(job.state.rawValue) (finishing)" }
        return job.state.rawValue
    }

    static func note(_ job: JobRecord) -> String {
        let text =
            job.state == .succeeded || job.state == .running
            ? job.progressNote : job.failure.map(\.description) ?? job.progressNote
        // Whoever reads it by a program or in a file wants all of it.
        guard isatty(STDOUT_FILENO) == 1 else { return text }
        return text.count > 100 ? text.prefix(99) + "…" : text
    }

    /// In one line, without the plan and the recipe, which `--json` has.
    static func parameters(_ job: JobRecord) -> String {
        guard case .object(let members) = JSONValue(orText: job.parameters) else { return job.parameters }
        return JSONValue.object(members.filter { !["planJSON", "recipeJSON"].contains($0.key) }).line
    }
}
