import JobEngine

/// The `data` of each message.
extension IntakeDecoder {
    static func readSubmission(_ data: inout ObjectReader, _ sender: IntakeSender) throws(ContractError)
        -> StudySubmission
    {
        let path = try data.string("path", length: 1...4096, form: "no control characters", isValid: isPrintable)
        let labelPath = try data.optionalString(
            "labelPath", length: 1...4096, form: "no control characters", isValid: isPrintable)
        let numbering = try readNumbering(&data)
        let series = try data.optionalString(
            "series", length: 8...64, form: "lower-case hexadecimal digits, as ingestion lists them"
        ) {
            $0.wholeMatch(of: /[0-9a-f]+/) != nil
        }
        let pipelines = [PipelineName.segment, .import].map(\.rawValue)
        let chosen = try data.optionalString("pipeline", length: 1...64, form: pipelines.joined(separator: ", ")) {
            pipelines.contains($0)
        }
        let pipeline = chosen.flatMap(PipelineName.init(rawValue:)) ?? .segment
        let model = try readModel(&data)
        let priority = try data.optionalChoice("priority", of: Priority.self) ?? .routine
        let key = try readDeduplicationKey(&data)
        let dataSet = try data.optionalString("dataSet", length: 1...64, form: nameForm, isValid: isName)
        let caseName = try data.optionalString("case", length: 1...64, form: nameForm, isValid: isName)
        let skipsAir = try data.optionalBoolean("skipAir")
        let repairs = try data.optionalBoolean("repair")
        let names = try data.optionalChoice("names", of: NameSource.self)
        try data.refuseUnknown()
        if pipeline == .import {
            for (name, value) in [("labelPath", labelPath), ("dataSet", dataSet), ("case", caseName)] where value == nil
            {
                throw data.missing(name, " for the pipeline import")
            }
        }
        return StudySubmission(
            sender: sender,
            order: StudyOrder(
                pipeline: pipeline, model: model, dataSet: dataSet, caseName: caseName, skipsAir: skipsAir,
                repairs: repairs, names: names),
            priority: priority, path: path, labelPath: labelPath, numbering: numbering, series: series,
            deduplicationKey: key)
    }

    static func readRequest(_ data: inout ObjectReader, _ sender: IntakeSender) throws(ContractError) -> StudyRequest {
        let source = try data.string("source", length: 1...64, form: nameForm, isValid: isName)
        let study = try readStudyUID(&data)
        let model = try readModel(&data)
        let priority = try data.optionalChoice("priority", of: Priority.self) ?? .routine
        let key = try readDeduplicationKey(&data)
        let skipsAir = try data.optionalBoolean("skipAir")
        let repairs = try data.optionalBoolean("repair")
        let names = try data.optionalChoice("names", of: NameSource.self)
        try data.refuseUnknown()
        return StudyRequest(
            sender: sender, source: source, studyInstanceUID: study,
            order: StudyOrder(pipeline: .segment, model: model, skipsAir: skipsAir, repairs: repairs, names: names),
            priority: priority, deduplicationKey: key)
    }

    static func readCompletion(_ data: inout ObjectReader, _ sender: IntakeSender) throws(ContractError)
        -> StudyCompletion
    {
        let study = try readStudyUID(&data)
        let count = try data.optionalInteger("instances", in: 1...100_000)
        try data.refuseUnknown()
        return StudyCompletion(sender: sender, studyInstanceUID: study, instanceCount: count)
    }

    static func readCorrection(_ data: inout ObjectReader, _ sender: IntakeSender) throws(ContractError)
        -> StudyCorrection
    {
        let study = try data.string("study", length: 36...36, form: "the study's id, a UUID") { StudyID($0) != nil }
        let labelPath = try data.string(
            "labelPath", length: 1...4096, form: "no control characters", isValid: isPrintable)
        let numbering = try readNumbering(&data)
        let parent = try data.optionalString(
            "parent", length: 36...71,
            form: "the address of a label map of the study, or the id of the job that made it"
        ) {
            ContentAddress(rawValue: $0) != nil || JobID($0) != nil
        }
        let author = try data.optionalString(
            "author", length: 1...200, form: "no control characters", isValid: isPrintable)
        let priority = try data.optionalChoice("priority", of: Priority.self) ?? .routine
        let key = try readDeduplicationKey(&data)
        try data.refuseUnknown()
        guard let study = StudyID(study) else { throw data.missing("study", "") }
        return StudyCorrection(
            sender: sender, study: study, labelPath: labelPath, numbering: numbering, parent: parent, author: author,
            priority: priority, deduplicationKey: key)
    }

    private static func readNumbering(_ data: inout ObjectReader) throws(ContractError) -> String? {
        try data.optionalString(
            "numbering", length: 1...32, form: "lower-case letters, digits and '-', the first a letter"
        ) {
            $0.wholeMatch(of: /[a-z][a-z0-9-]*/) != nil
        }
    }

    private static func readStudyUID(_ data: inout ObjectReader) throws(ContractError) -> String {
        // DICOM PS3.5 section 9.1: components of digits without leading zeros.
        try data.string("studyInstanceUID", length: 1...64, form: "a DICOM UID of digits and dots") {
            $0.wholeMatch(of: /(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*/) != nil
        }
    }

    private static func readModel(_ data: inout ObjectReader) throws(ContractError) -> ModelReference? {
        let text = try data.optionalString("model", length: 1...80, form: "NAME or NAME@VERSION") {
            ModelReference(rawValue: $0) != nil
        }
        return text.flatMap(ModelReference.init(rawValue:))
    }

    private static func readDeduplicationKey(_ data: inout ObjectReader) throws(ContractError) -> String? {
        try data.optionalString(
            "deduplicationKey", length: 1...200, form: "no control characters", isValid: isPrintable)
    }
}
