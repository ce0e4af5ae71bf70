/// What a hospital or an operator asked for; travels unchanged from job to job.
package struct StudyOrder: Sendable, Codable, Equatable {
    package var pipeline: PipelineName
    /// `NAME` or `NAME@VERSION`; ingestion replaces it by the version it resolved.
    package var model: ModelReference?
    /// Whether that version was the promoted one when ingestion resolved it; of others nothing is delivered. Nil: not
    /// resolved.
    package var modelIsPromoted: Bool?
    /// For `import`: the data set and the pseudonym of the case within it.
    package var dataSet: String?
    package var caseName: String?
    /// For `import`: what the case is for; nil: as before, `train` for a new one.
    package var split: String?
    /// For `import`: JSON of the plan by which cases are made network-ready; nil: the default plan.
    package var planJSON: String?
    /// For `import` by a plan that crops cases for training: whether the box is drawn around the labels, as of cases to
    /// validate on, and not around what the image shows. Nil: of those imported for validation.
    package var cropsToLabel: Bool?
    /// For `segment`: whether windows that hold only air may be left out. Nil: no.
    package var skipsAir: Bool?
    /// For `segment`: whether the label map is mended where there is no doubt, with a record of what was done. Nil: no.
    package var repairs: Bool?
    /// For `segment`: where the names come from; ingestion writes the usual one where none was asked for. Nil: the
    /// network, as of orders from before there was a choice.
    package var names: NameSource?
    /// For `segment`: the archives that get the result; set by ingestion, where the study came as DICOM and the
    /// tenant's policy names some.
    package var destinations: [String]?

    package init(
        pipeline: PipelineName, model: ModelReference? = nil, dataSet: String? = nil, caseName: String? = nil,
        split: String? = nil,
        planJSON: String? = nil, cropsToLabel: Bool? = nil, skipsAir: Bool? = nil, repairs: Bool? = nil,
        names: NameSource? = nil, destinations: [String]? = nil
    ) {
        self.split = split
        self.cropsToLabel = cropsToLabel
        self.destinations = destinations
        self.pipeline = pipeline
        self.model = model
        self.dataSet = dataSet
        self.caseName = caseName
        self.planJSON = planJSON
        self.skipsAir = skipsAir
        self.repairs = repairs
        self.names = names
    }
}
