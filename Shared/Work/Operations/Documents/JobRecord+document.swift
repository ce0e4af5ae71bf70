package import Documents
package import JobEngine
package import Studies

extension JobRecord: Documented {
    package var document: JSONValue {
        [
            "id": JSONValue(id.description), "kind": JSONValue(kind.rawValue),
            "stage": JSONValue(stage.rawValue),
            "state": JSONValue(state.rawValue), "tenant": JSONValue(tenant),
            "priority": JSONValue(priority.rawValue),
            "study": JSONValue(study), "attempt": JSONValue(attempt), "crashes": JSONValue(crashes),
            "is_paused": JSONValue(isPaused), "cancellation_requested": JSONValue(cancellationRequested),
            "progress": JSONValue(progress), "progress_note": JSONValue(progressNote),
            "worker": JSONValue(worker),
            "failure": failure.map(\.document) ?? nil, "created_at": JSONValue(createdAt),
            "queued_at": JSONValue(queuedAt),
            "run_at": JSONValue(runAt), "started_at": JSONValue(startedAt),
            "finished_at": JSONValue(finishedAt),
            "lease_until": JSONValue(leaseUntil), "deduplication_key": JSONValue(deduplicationKey),
            "parameters": JSONValue(orText: parameters),
        ]
    }
}

extension JobFailure {
    package var document: JSONValue {
        ["class": JSONValue(`class`.rawValue), "code": JSONValue(code), "reason": JSONValue(reason)]
    }
}

extension JobAttempt: Documented {
    package var document: JSONValue {
        [
            "token": JSONValue(Int(token)), "worker": JSONValue(worker), "started_at": JSONValue(startedAt),
            "ended_at": JSONValue(endedAt), "outcome": JSONValue(outcome),
            "failure": failure.map(\.document) ?? nil,
        ]
    }
}

extension EpochMetrics: Documented {
    package var document: JSONValue {
        [
            "epoch": JSONValue(epoch), "training_loss": JSONValue(trainingLoss),
            "validation_dice": JSONValue(validationDice), "learning_rate": JSONValue(learningRate),
            "seconds": JSONValue(seconds),
        ]
    }
}
