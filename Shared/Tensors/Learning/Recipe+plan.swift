package import Plans

/// What a recipe leaves to the plan: how much a step learns from.
extension Recipe {
    /// Crops that one step learns from. nnU-Net's cropping goes by their places in the batch, so it has two at least
    /// unless somebody says otherwise.
    package var cropsPerStep: Int { batchSize ?? (cropping == .overhanging ? 2 : 1) }

    /// With every decision made. The patch stays the plan's, which the run has beside the recipe.
    package func completed(by plan: Plan) -> Recipe {
        var recipe = self
        recipe.batchSize = batchSize ?? plan.training?.batchSize ?? cropsPerStep
        recipe.batchDice = batchDice ?? (loss == .deepSupervision && plan.training?.batchDice == true)
        return recipe
    }

    /// What a step learns from under a plan, and who decided it: `steps of 2 crops (the plan's) of 128 × 160 × 112
    /// voxels (the plan's)`.
    package func stepSentence(under plan: Plan) -> String {
        let whole = completed(by: plan)
        func said(_ isInRecipe: Bool, isInPlan: Bool) -> String {
            isInRecipe ? "the recipe's" : isInPlan ? "the plan's" : "the default"
        }
        let isPlanned = plan.training != nil
        let edges = (patch ?? plan.patch).map(String.init).joined(separator: " × ")
        var sentence =
            "steps of \(whole.cropsPerStep) \(whole.cropsPerStep == 1 ? "crop" : "crops") "
            + "(\(said(batchSize != nil, isInPlan: isPlanned))) of \(edges) voxels (\(said(patch != nil, isInPlan: true)))"
        if loss == .deepSupervision {
            sentence +=
                ", Dice over \(whole.batchDice == true ? "all crops of a step" : "each crop") "
                + "(\(said(batchDice != nil, isInPlan: isPlanned)))"
        }
        return sentence
    }
}
