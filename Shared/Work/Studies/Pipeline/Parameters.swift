package import Foundation
package import JobEngine

/// What a hospital or an operator asked for; travels unchanged from job to job.
package struct StudyOrder: Sendable, Codable, Equatable {
    package var pipeline: PipelineName
    /// `NAME` or `NAME@VERSION`; ingestion replaces it by the version it resolved.
    package var model: String?
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
    /// For `segment`: whether windows that hold only air may be left out. Nil: no.
    package var skipsAir: Bool?
    /// For `segment`: whether the label map is mended where there is no doubt, with a record of what was done. Nil: no.
    package var repairs: Bool?
    /// For `segment`: the archives that get the result; set by ingestion, where the study came as DICOM and the
    /// tenant's policy names some.
    package var destinations: [String]?

    package init(
        pipeline: PipelineName, model: String? = nil, dataSet: String? = nil, caseName: String? = nil,
        split: String? = nil,
        planJSON: String? = nil, skipsAir: Bool? = nil, repairs: Bool? = nil, destinations: [String]? = nil
    ) {
        self.split = split
        self.destinations = destinations
        self.pipeline = pipeline
        self.model = model
        self.dataSet = dataSet
        self.caseName = caseName
        self.planJSON = planJSON
        self.skipsAir = skipsAir
        self.repairs = repairs
    }
}

/// Parameters of `ingest-study`.
package struct IngestParameters: Sendable, Codable, Equatable {
    package var order: StudyOrder
    /// DICOM folder or file, or NIfTI file, inside the allowed roots. Nil: the job's input says which instances in
    /// storage they are.
    package var path: String?
    /// NIfTI file, or folder of one mask per vertebra.
    package var labelPath: String?
    /// How the label's values name vertebrae, as `Anatomy` spells it; nil: as Columna itself.
    package var numbering: String?
    /// Hash of the wanted series where a folder holds several.
    package var series: String?

    package init(
        order: StudyOrder, path: String?, labelPath: String? = nil, numbering: String? = nil, series: String? = nil
    ) {
        self.numbering = numbering
        self.order = order
        self.path = path
        self.labelPath = labelPath
        self.series = series
    }
}

/// Parameters of `retrieve-study`.
package struct RetrieveParameters: Sendable, Codable, Equatable {
    package var order: StudyOrder
    /// Name of a node of the site file.
    package var source: String
    package var studyInstanceUID: String

    package init(order: StudyOrder, source: String, studyInstanceUID: String) {
        self.order = order
        self.source = source
        self.studyInstanceUID = studyInstanceUID
    }
}

/// Parameters of `deliver-segmentation`.
package struct DeliverParameters: Sendable, Codable, Equatable {
    package var order: StudyOrder
    /// Name of a node of the site file.
    package var destination: String
    /// Whether an operator has looked at what needed review. Nil: no.
    package var isReleased: Bool?

    package init(order: StudyOrder, destination: String, isReleased: Bool? = nil) {
        self.isReleased = isReleased
        self.order = order
        self.destination = destination
    }
}

/// Parameters of `evaluate-segmentation`.
package struct MeasureParameters: Sendable, Codable, Equatable {
    package var order: StudyOrder
    /// JSON of what the metrics leave open, as `Metrics` defines it; nil: the defaults.
    package var optionsJSON: String?

    package init(order: StudyOrder, optionsJSON: String? = nil) {
        self.order = order
        self.optionsJSON = optionsJSON
    }
}

/// Parameters of `summarize-evaluation`.
package struct SummarizeParameters: Sendable, Codable, Equatable {
    package var evaluation: UUID

    package init(evaluation: UUID) { self.evaluation = evaluation }
}

/// Parameters of `compare-evaluations`: the first minus the second.
package struct CompareParameters: Sendable, Codable, Equatable {
    package var comparison: UUID
    package var a: UUID
    package var b: UUID

    package init(comparison: UUID, a: UUID, b: UUID) {
        self.comparison = comparison
        self.a = a
        self.b = b
    }
}

/// Parameters of `preprocess-volume` and `segment-volume`: their bytes are the job's inputs.
package struct StageParameters: Sendable, Codable, Equatable {
    package var order: StudyOrder

    package init(order: StudyOrder) { self.order = order }
}

/// Parameters of `train-model`.
package struct TrainParameters: Sendable, Codable, Equatable {
    package var model: String
    package var dataSet: String
    /// JSON of the plan and of the recipe, as `Plans` and `Learning` define them.
    package var planJSON: String
    package var recipeJSON: String
    /// The data set's cases when the training was ordered: later imports do not change it, so that it can be resumed
    /// and repeated to the same bytes. Nil: the cases at the start of the attempt.
    package var cases: [DataSetCase]?

    package init(model: String, dataSet: String, planJSON: String, recipeJSON: String, cases: [DataSetCase]? = nil) {
        self.cases = cases
        self.model = model
        self.dataSet = dataSet
        self.planJSON = planJSON
        self.recipeJSON = recipeJSON
    }
}

/// Parameters of `rehearsal`: a scripted job for benchmarks and the kill test.
package struct RehearsalParameters: Sendable, Codable, Equatable {
    /// How long to hold the slot.
    package var milliseconds: Int
    /// Fail this many times before succeeding, with this class.
    package var failures: Int
    package var failureClass: JobFailure.Class?
    /// Whether the job writes a row that the kill test counts.
    package var leavesEffect: Bool

    package init(
        milliseconds: Int = 0, failures: Int = 0, failureClass: JobFailure.Class? = nil, leavesEffect: Bool = false
    ) {
        self.leavesEffect = leavesEffect
        self.milliseconds = milliseconds
        self.failures = failures
        self.failureClass = failureClass
    }
}
