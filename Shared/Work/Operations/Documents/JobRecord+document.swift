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
            "finish_requested": JSONValue(finishRequested),
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
            "dice_loss": JSONValue(diceLoss), "cross_entropy": JSONValue(crossEntropy),
            "validation_dice": JSONValue(validationDice),
            "validation_dice_by_class": Self.byClass(validationDiceByClass),
            "pseudo_dice": JSONValue(meanPseudoDice), "pseudo_dice_by_class": Self.byClass(pseudoDice),
            "validation_loss": JSONValue(validationLoss), "judged_dice": JSONValue(judgedDice),
            "learning_rate": JSONValue(learningRate),
            "rate_halvings": JSONValue(rateHalvings), "seconds": JSONValue(seconds),
            "waited_share": JSONValue(waitedShare), "peak_memory_bytes": JSONValue(peakMemoryInBytes),
            "ended_at": JSONValue(endedAt),
        ]
    }

    /// In the order of the labels.
    private static func byClass(_ values: [String: Double]?) -> JSONValue {
        guard let values else { return nil }
        return .object(
            values.sorted { (Int($0.key) ?? 0, $0.key) < (Int($1.key) ?? 0, $1.key) }.map {
                (key: $0.key, value: JSONValue($0.value))
            })
    }
}

extension NotedRemark: Documented {
    package var document: JSONValue {
        [
            "code": JSONValue(remark.code), "remark": JSONValue(remark.remark), "noted_at": JSONValue(notedAt),
        ]
    }
}
