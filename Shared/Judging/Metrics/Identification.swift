/// Whether each vertebra was found where it is and called what it is (Sekuboyina et al. 2021, VerSe).
package struct Identification: Sendable, Hashable, Codable {
    /// Share of the truth's classes whose predicted centroid lies within 20 mm of their own and nearer to it than to
    /// any other's; nil without truth.
    package var identificationRate: Double?
    /// Share of predicted classes that are the truth's class they overlap most, by IoU above one half whatever the
    /// name.
    package var detectionPrecision: Double?
    /// Share of the truth's classes that some predicted class covers so.
    package var detectionRecall: Double?
    /// By how many vertebrae the whole spine is labelled off: +1 where L1 is called L2. It is k if, of the truth's
    /// vertebrae that the prediction covers at all, at least three quarters and at least two are covered most by the
    /// class k further down. Nil where no such k explains the case, and where most are called what they are.
    package var labelShift: Int?

    package init(identificationRate: Double?, detectionPrecision: Double?, detectionRecall: Double?, labelShift: Int?) {
        self.identificationRate = identificationRate
        self.detectionPrecision = detectionPrecision
        self.detectionRecall = detectionRecall
        self.labelShift = labelShift
    }

    /// Columns of `case_metrics`.
    private enum CodingKeys: String, CodingKey {
        case identificationRate = "identification_rate"
        case detectionPrecision = "detection_precision"
        case detectionRecall = "detection_recall"
        case labelShift = "label_shift"
    }
}
