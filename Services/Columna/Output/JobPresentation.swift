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
                job.id.description, job.study.map { String($0.uuidString.lowercased().prefix(8)) } ?? "-",
                job.kind.rawValue, state(job),
                job.state == .running ? Wording.percent(job.progress) : "-", job.tenant, job.priority.rawValue,
                String(job.attempt), Wording.duration(now.timeIntervalSince(job.createdAt)), note(job))
        }
        return table.text
    }

    /// The state, and what operators want of it.
    static func state(_ job: JobRecord) -> String {
        if job.isPaused { return "\(job.state.rawValue) (paused)" }
        if job.cancellationRequested, !job.state.isTerminal { return "\(job.state.rawValue) (cancelling)" }
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

    static func json(_ job: JobRecord) -> JSONValue {
        [
            "id": JSONValue(job.id.description), "kind": JSONValue(job.kind.rawValue),
            "stage": JSONValue(job.stage.rawValue),
            "state": JSONValue(job.state.rawValue), "tenant": JSONValue(job.tenant),
            "priority": JSONValue(job.priority.rawValue),
            "study": JSONValue(job.study), "attempt": JSONValue(job.attempt), "crashes": JSONValue(job.crashes),
            "is_paused": JSONValue(job.isPaused), "cancellation_requested": JSONValue(job.cancellationRequested),
            "progress": JSONValue(job.progress), "progress_note": JSONValue(job.progressNote),
            "worker": JSONValue(job.worker),
            "failure": json(job.failure), "created_at": JSONValue(job.createdAt), "queued_at": JSONValue(job.queuedAt),
            "run_at": JSONValue(job.runAt), "started_at": JSONValue(job.startedAt),
            "finished_at": JSONValue(job.finishedAt),
            "lease_until": JSONValue(job.leaseUntil), "deduplication_key": JSONValue(job.deduplicationKey),
            "parameters": JSONValue(orText: job.parameters),
        ]
    }

    static func json(_ failure: JobFailure?) -> JSONValue {
        guard let failure else { return nil }
        return [
            "class": JSONValue(failure.class.rawValue), "code": JSONValue(failure.code),
            "reason": JSONValue(failure.reason),
        ]
    }

    static func json(_ reference: ArtifactReference, _ system: SystemConnection) -> JSONValue {
        [
            "role": JSONValue(reference.role), "address": JSONValue(reference.address),
            "byte_count": JSONValue(reference.byteCount),
            "media_type": JSONValue(reference.mediaType), "path": JSONValue(system.path(of: reference.address)),
        ]
    }

    static func json(_ attempt: JobAttempt) -> JSONValue {
        [
            "token": JSONValue(Int(attempt.token)), "worker": JSONValue(attempt.worker),
            "started_at": JSONValue(attempt.startedAt),
            "ended_at": JSONValue(attempt.endedAt), "outcome": JSONValue(attempt.outcome),
            "failure": json(attempt.failure),
        ]
    }
}
