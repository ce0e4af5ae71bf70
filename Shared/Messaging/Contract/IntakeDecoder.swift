import JobEngine

/// Reads what arrives at the intake queue, and says precisely what is wrong with it. Agrees with
/// `Contract/schemas/study-submitted.v1.schema.json`; `Contract/examples` holds both to it.
package enum IntakeDecoder {
    /// Bodies are at most 64 KiB: a study travels as a path.
    package static let maximumBodyByteCount = 64 << 10
    package static let routingKeyPrefix = "study.submitted."

    /// - Throws: ``ContractError`` for the first violation in the order: routing key, size, JSON, envelope, version, data.
    package static func decode(_ delivery: Delivery) throws(ContractError) -> StudySubmission {
        try decode(body: delivery.body, routingKey: delivery.routingKey, delivery.properties, byteCount: delivery.announcedByteCount)
    }

    /// The tenant that a routing key names, nil unless it is `study.submitted.` and 1 to 63 of a-z, 0-9 and `-`.
    package static func tenant(of delivery: Delivery) -> String? { tenant(ofRoutingKey: delivery.routingKey) }

    static func tenant(ofRoutingKey key: String) -> String? {
        guard key.hasPrefix(routingKeyPrefix) else { return nil }
        let tenant = key.dropFirst(routingKeyPrefix.count)
        return tenant.wholeMatch(of: /[a-z0-9-]{1,63}/) == nil ? nil : String(tenant)
    }

    package static func decode(
        body: [UInt8], routingKey: String, _ properties: MessageProperties, byteCount: UInt64? = nil
    ) throws(ContractError) -> StudySubmission {
        guard let tenant = tenant(ofRoutingKey: routingKey) else {
            throw ContractError(
                .invalidRoutingKey, "the routing key of \(routingKey.utf8.count) bytes names no tenant, expected study.submitted.<1 to 63 of a-z, 0-9, ->")
        }
        let byteCount = byteCount ?? UInt64(body.count)
        guard byteCount <= maximumBodyByteCount else {
            throw ContractError(.tooLarge, "the message has \(byteCount) bytes, at most \(maximumBodyByteCount) are allowed: send a path, not the study")
        }
        guard let document = JSONValue(parsing: body) else {
            throw ContractError(.notJSON, "the message of \(body.count) bytes is not JSON in UTF-8, expected a CloudEvents 1.0 object")
        }
        var envelope = try ObjectReader(document, at: "")
        let id = try readAttributes(&envelope)
        var data = try envelope.object("data")
        try envelope.refuseUnknown()
        let identity = try property(properties.messageID, "message_id") ?? id
        var submission = try readData(&data, tenant: tenant, messageID: identity)
        submission.replyTo = try property(properties.replyTo, "reply_to")
        submission.correlationID = try property(properties.correlationID, "correlation_id")
        if submission.replyTo?.hasPrefix("columna.") == true {
            throw ContractError(.invalidValue, "the property reply_to names a queue of the system itself, expected a queue of the sender's")
        }
        return submission
    }

    /// An AMQP property that comes back to the broker or goes into the database later: what either would refuse then is refused now. Nil when empty.
    private static func property(_ value: String?, _ name: String) throws(ContractError) -> String? {
        guard let value, !value.isEmpty else { return nil }
        guard value.utf8.count <= 255, isPrintable(value) else {
            throw ContractError(
                .invalidValue, "the property \(name) of \(value.utf8.count) bytes is not usable, expected at most 255 bytes of UTF-8 without control characters")
        }
        return value
    }

    /// The CloudEvents attributes; answers the `id`.
    private static func readAttributes(_ envelope: inout ObjectReader) throws(ContractError) -> String {
        _ = try envelope.string("specversion", length: 1...8, form: "1.0") { $0 == "1.0" }
        let type = try envelope.string("type", length: 1...256)
        guard type == EventType.studySubmitted else { throw refusal(ofType: type) }
        let id = try envelope.string("id", length: 1...200, form: "no control characters", isValid: isPrintable)
        _ = try envelope.string("source", length: 1...512, form: "a URI reference", isValid: isPrintable)
        _ = try envelope.optionalString("time", length: 20...40, form: "an RFC 3339 time such as 2026-01-31T09:00:00Z", isValid: isTime)
        _ = try envelope.optionalString("subject", length: 1...256, form: "no control characters", isValid: isPrintable)
        _ = try envelope.optionalString("datacontenttype", length: 1...64, form: "application/json") { $0 == "application/json" }
        // Distributed tracing, a CloudEvents extension.
        _ = try envelope.optionalString("traceparent", length: 1...256)
        _ = try envelope.optionalString("tracestate", length: 1...512)
        return id
    }

    private static func refusal(ofType type: String) -> ContractError {
        if let match = type.wholeMatch(of: /dev\.columna\.study\.submitted\.v([0-9]{1,6})/) {
            return ContractError(.unknownVersion, at: "/type", "/type has major version \(match.1), expected version 1")
        }
        return ContractError(.unknownType, at: "/type", "/type has a value of \(type.unicodeScalars.count) characters that is not known, expected \(EventType.studySubmitted)")
    }

    private static func readData(_ data: inout ObjectReader, tenant: String, messageID: String) throws(ContractError) -> StudySubmission {
        let path = try data.string("path", length: 1...4096, form: "no control characters", isValid: isPrintable)
        let labelPath = try data.optionalString("labelPath", length: 1...4096, form: "no control characters", isValid: isPrintable)
        let series = try data.optionalString("series", length: 8...64, form: "lower-case hexadecimal digits, as ingestion lists them") {
            $0.wholeMatch(of: /[0-9a-f]+/) != nil
        }
        let pipeline = try data.optionalChoice("pipeline", of: PipelineName.self) ?? .segment
        let model = try data.optionalString("model", length: 1...80, form: "NAME or NAME@VERSION") {
            $0.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,63}(@[1-9][0-9]{0,8})?/) != nil
        }
        let priority = try data.optionalChoice("priority", of: Priority.self) ?? .routine
        let key = try data.optionalString("deduplicationKey", length: 1...200, form: "no control characters", isValid: isPrintable)
        let dataSet = try data.optionalString("dataSet", length: 1...64, form: nameForm, isValid: isName)
        let caseName = try data.optionalString("case", length: 1...64, form: nameForm, isValid: isName)
        let skipsAir = try data.optionalBoolean("skipAir")
        try data.refuseUnknown()
        if pipeline == .import {
            for (name, value) in [("labelPath", labelPath), ("dataSet", dataSet), ("case", caseName)] where value == nil {
                throw data.missing(name, " for the pipeline import")
            }
        }
        return StudySubmission(
            tenant: tenant, messageID: messageID,
            order: StudyOrder(pipeline: pipeline, model: model, dataSet: dataSet, caseName: caseName, skipsAir: skipsAir), priority: priority, path: path, labelPath: labelPath, series: series, deduplicationKey: key)
    }

    private static let nameForm = "letters, digits, '.', '-', '_', the first a letter or digit"

    private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil }

    private static func isPrintable(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }

    private static func isTime(_ text: String) -> Bool {
        text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+\-][0-9]{2}:[0-9]{2})/) != nil
    }
}
