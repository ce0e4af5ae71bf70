/// All that is measured of one case.
package struct CaseMetrics: Sendable, Hashable {
    /// One entry per class of the label set, in its order.
    package var classes: [ClassMetrics]
    package var identification: Identification
    /// Where labels met: `truth` against `prediction`, background 0 included, pairs without voxels left out.
    package var confusion: [ConfusionEntry]
    /// Share of voxels with the right label, background included.
    package var accuracy: Double
    /// Cohen's kappa over all labels.
    package var kappa: Double?
    package var options: MetricOptions

    package init(
        classes: [ClassMetrics], identification: Identification, confusion: [ConfusionEntry], accuracy: Double,
        kappa: Double?,
        options: MetricOptions
    ) {
        self.classes = classes
        self.identification = identification
        self.confusion = confusion
        self.accuracy = accuracy
        self.kappa = kappa
        self.options = options
    }
}

/// How many voxels the truth calls one label and the prediction another (or the same).
package struct ConfusionEntry: Sendable, Hashable, Codable {
    package var truth: UInt8
    package var prediction: UInt8
    package var voxels: Int

    package init(truth: UInt8, prediction: UInt8, voxels: Int) {
        self.truth = truth
        self.prediction = prediction
        self.voxels = voxels
    }

    /// Columns of `class_confusion`.
    private enum CodingKeys: String, CodingKey {
        case truth = "truth_value"
        case prediction = "predicted_value"
        case voxels
    }
}
