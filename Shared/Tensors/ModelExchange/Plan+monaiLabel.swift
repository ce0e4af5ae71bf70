import Anatomy
import Networks
import Plans

extension Plan {
    /// How MONAI Label's radiology tasks run a SegResNet: weights alone do not say, so whoever imports them is told.
    static func monaiLabel(_ network: SegResNet.Configuration) -> (plan: Plan, remarks: [String]) {
        var plan = Plan()
        plan.network = .segResNet(network)
        plan.intensities = .monaiLabel
        var remarks = [
            "The file holds weights only: the plan is that of MONAI Label's radiology tasks (RAS, 1.5 mm, their intensities, windows of 96 voxels with "
                + "overlap 0.4). If the model was trained otherwise, import it again with its plan."
        ]
        if let set = LabelSet.all.first(where: { $0.channels == network.outputChannels }) {
            plan.labelSet = set.name
            let (first, last) = (set.labels.first?.name ?? "", set.labels.last?.name ?? "")
            remarks.append(
                "Its \(set.channels) outputs are taken for \(set.name): background, then \(first) to \(last) in order.")
        } else {
            plan.labelSet = "unnamed-\(network.outputChannels)"
            remarks.append(
                "Its \(network.outputChannels) outputs have no names: label maps have the numbers of its channels, and evaluation, which knows spine-25, does not fit them."
            )
        }
        return (plan, remarks)
    }
}
