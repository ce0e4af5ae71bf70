import Networks
package import Plans
import Volumes

extension ExperimentPlan {
    /// The plan by which images are prepared, and the network trained and run, as nnU-Net does all of it.
    ///
    /// - Parameters:
    ///   - fingerprint: that it was planned from: its intensities are the scale.
    ///   - labelSet: of as many classes as the network has.
    /// - Throws: `PlanError.invalidPlan`, as of a spacing that no plan may have.
    package func plan(_ fingerprint: DataSetFingerprint, labelSet: String) throws -> Plan {
        var plan = Plan()
        plan.labelSet = labelSet
        // The fingerprint's axes are k, j, i of RAS.
        let axes = Array("SAR")
        plan.orientation = String(transposeForward.map { axes[$0] })
        plan.spacingInMillimetres = spacingInMillimetres
        plan.interpolation = .cubic
        plan.resampling = .nnUNet
        let intensities = fingerprint.intensities
        plan.intensities = .ct(
            lower: intensities.percentile0_5, upper: intensities.percentile99_5, mean: intensities.mean,
            deviation: intensities.standardDeviation)
        plan.patch = patch
        plan.slidingWindow = .nnUNet
        plan.slidingWindow.mirroring = [0, 1, 2]
        plan.network = network
        plan.training = PlannedTraining(
            batchSize: batchSize, batchDice: usesBatchDice, planner: preset.planner.name)
        try plan.validate()
        return plan
    }
}
