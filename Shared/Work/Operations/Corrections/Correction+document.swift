package import Documents
import JobEngine
package import Studies

extension Correction: Documented {
    /// With the author: for operators' eyes.
    package var document: JSONValue {
        [
            "job": JSONValue(job.description), "tenant": JSONValue(tenant), "study": JSONValue(study),
            "author": JSONValue(author), "submitted_at": JSONValue(submittedAt), "state": JSONValue(state.rawValue),
            "parent": JSONValue(accepted?.parent.rawValue), "parent_model": JSONValue(accepted?.parentModel),
            "labels": JSONValue(accepted?.labels.rawValue), "voxels": JSONValue(accepted?.voxels),
            "changed_voxels": JSONValue(accepted?.changedVoxels),
            "changed_classes": JSONValue((accepted?.changedClasses ?? []).map { JSONValue($0) }),
            "data_sets": JSONValue(dataSets.map { JSONValue($0) }),
            "held_out_of": JSONValue(heldOutOf.map { JSONValue($0) }), "withdrawn_at": JSONValue(withdrawnAt),
        ]
    }
}

extension CorrectionLearners: Documented {
    package var document: JSONValue {
        [
            "data_sets": JSONValue(dataSets.map { JSONValue($0) }),
            "versions": JSONValue(versions.map { JSONValue($0) }),
            "promoted": JSONValue(promoted.map { JSONValue($0) }),
        ]
    }
}

extension CorrectionPolicy: Documented {
    package var document: JSONValue {
        [
            "tenant": JSONValue(tenant), "model": JSONValue(model), "data_set": JSONValue(dataSet),
            "split": JSONValue(split), "after_corrections": JSONValue(afterCorrections),
            "recipe": JSONValue(orText: recipeJSON), "for_all_tenants": JSONValue(forAllTenants),
            "judges": JSONValue(judges?.count),
        ]
    }
}

extension CorrectionPolicyStatus: Documented {
    package var document: JSONValue {
        ["policy": policy.document, "pending": JSONValue(pending), "held_back": JSONValue(heldBack)]
    }
}

extension CorrectionRoundStatus: Documented {
    package var document: JSONValue {
        [
            "tenant": JSONValue(tenant), "model": JSONValue(model), "round": JSONValue(number),
            "begins_with": JSONValue(beginsWith), "data_set": JSONValue(dataSet),
            "new_corrections": JSONValue(newCorrections), "training": JSONValue(training?.description),
            "candidate": JSONValue(candidate), "state": JSONValue(state), "held_against": JSONValue(heldAgainst),
            "pairs": JSONValue(pairs), "mean_difference": JSONValue(meanDifference), "p": JSONValue(p),
            "opened_at": JSONValue(openedAt),
        ]
    }
}

extension DecidedGate: Documented {
    package var document: JSONValue {
        [
            "figures": gate.document, "promoted": JSONValue(isPromoted), "actor": JSONValue(actor),
            "decided_at": JSONValue(decidedAt), "job": JSONValue(job?.description),
        ]
    }
}
