package import Foundation
package import JobEngine

/// After how many corrections of what it segmented a tenant's model is fine-tuned by itself.
package struct CorrectionPolicy: Sendable, Equatable {
    package var tenant: Tenant
    /// A name without a version.
    package var model: String
    /// Whose cases are learned from beside the corrected ones.
    package var dataSet: String
    /// Of its cases, those that decide whether the new version is promoted.
    package var split: String
    /// Counted by CTs: several corrections of one are one.
    package var afterCorrections: Int
    package var recipeJSON: String
    /// Whether a version that this tenant's cases judged may be promoted where others have studies of the model.
    package var forAllTenants: Bool
    /// Those of the split when it was set; nil: it was set before they were kept, and any judge.
    package var judges: JudgingCases?

    package init(
        tenant: Tenant, model: String, dataSet: String, split: String, afterCorrections: Int, recipeJSON: String,
        forAllTenants: Bool, judges: JudgingCases?
    ) {
        self.tenant = tenant
        self.model = model
        self.dataSet = dataSet
        self.split = split
        self.afterCorrections = afterCorrections
        self.recipeJSON = recipeJSON
        self.forAllTenants = forAllTenants
        self.judges = judges
    }

    /// Characters that a model's name may have, so that the data sets of 99 999 rounds can be named by it: at most 64.
    package static let longestModel = 64 - CorrectionRound.dataSet(of: "", round: 99_999).utf8.count
}

/// One fine-tuning that corrections began.
package struct CorrectionRound: Sendable, Equatable {
    package var tenant: Tenant
    package var model: String
    /// From 1.
    package var number: Int
    /// Made for it: the cases of `base` with the corrected ones.
    package var dataSet: String
    package var base: String
    /// Of `base`.
    package var split: String
    /// The version that was promoted when it began.
    package var beginsWith: ModelReference
    package var recipeJSON: String
    /// As the policy said when it began, as are the judges.
    package var forAllTenants: Bool
    package var judges: JudgingCases?

    package init(
        tenant: Tenant, model: String, number: Int, dataSet: String, base: String, split: String,
        beginsWith: ModelReference, recipeJSON: String, forAllTenants: Bool, judges: JudgingCases?
    ) {
        self.tenant = tenant
        self.model = model
        self.number = number
        self.dataSet = dataSet
        self.base = base
        self.split = split
        self.beginsWith = beginsWith
        self.recipeJSON = recipeJSON
        self.forAllTenants = forAllTenants
        self.judges = judges
    }

    /// The name of a round's data set, `openRound` gives the same.
    package static func dataSet(of model: String, round: Int) -> String { "\(model)-corrected-\(round)" }

    /// Names one of its jobs: the same step of the same round is the same job.
    package func key(_ step: String...) -> String {
        (["corrections", model, "\(number)"] + step).joined(separator: "/")
    }
}

/// How a round stands: a row of `analytics.correction_rounds`.
package struct CorrectionRoundStatus: Sendable, Equatable {
    package var tenant: Tenant
    package var model: String
    package var number: Int
    package var beginsWith: ModelReference
    package var dataSet: String
    package var newCorrections: Int
    package var training: JobID?
    package var candidate: ModelReference?
    /// `under-way`, `promoted`, `not-promoted`, `withdrawn`, `dead`, `cancelled`.
    package var state: String
    package var heldAgainst: ModelReference?
    package var pairs: Int?
    package var meanDifference: Double?
    package var p: Double?
    package var openedAt: Date

    package init(
        tenant: Tenant, model: String, number: Int, beginsWith: ModelReference, dataSet: String, newCorrections: Int,
        training: JobID?, candidate: ModelReference?, state: String, heldAgainst: ModelReference?, pairs: Int?,
        meanDifference: Double?, p: Double?, openedAt: Date
    ) {
        self.tenant = tenant
        self.model = model
        self.number = number
        self.beginsWith = beginsWith
        self.dataSet = dataSet
        self.newCorrections = newCorrections
        self.training = training
        self.candidate = candidate
        self.state = state
        self.heldAgainst = heldAgainst
        self.pairs = pairs
        self.meanDifference = meanDifference
        self.p = p
        self.openedAt = openedAt
    }
}
