import Documents
package import JobEngine
package import Messaging

/// Reads what arrives at the intake queue, and says precisely what is wrong with it. Agrees with
/// `Contract/schemas/study-submitted.v1.schema.json`; `Contract/examples` holds both to it.
package enum IntakeDecoder {
    /// Bodies are at most 64 KiB: a study travels as a path.
    package static let maximumBodyByteCount = 64 << 10

    /// - Throws: ``ContractError`` for the first violation in the order: routing key, size, JSON, envelope, version,
    ///   data.
    package static func decode(_ delivery: Delivery) throws(ContractError) -> IntakeMessage {
        try decode(
            body: delivery.body, routingKey: delivery.routingKey, delivery.properties,
            byteCount: delivery.announcedByteCount)
    }

    /// The tenant that a routing key names, nil unless it is `study.<verb>.` and 1 to 63 of a-z, 0-9 and `-`.
    package static func tenant(of delivery: Delivery) -> Tenant? { address(ofRoutingKey: delivery.routingKey)?.tenant }

    private static func address(ofRoutingKey key: String) -> (verb: IntakeVerb, tenant: Tenant)? {
        guard let match = key.wholeMatch(of: /study\.([a-z]+)\.([a-z0-9-]{1,63})/),
            let verb = IntakeVerb(rawValue: String(match.1))
        else { return nil }
        return (verb, Tenant(String(match.2)))
    }

    /// Why nobody takes what comes to the intake with this key; nil: ingestion does.
    package static func objection(toRoutingKeyOf delivery: Delivery) -> ContractError? {
        address(ofRoutingKey: delivery.routingKey) == nil ? refusal(ofRoutingKey: delivery.routingKey) : nil
    }

    private static func refusal(ofRoutingKey key: String) -> ContractError {
        let forms = IntakeVerb.allCases.map { $0.routingKey("TENANT") }.joined(separator: " or ")
        return ContractError(
            .invalidRoutingKey,
            "the routing key of \(key.utf8.count) bytes is not one of the intake's, expected \(forms), where TENANT is 1 to 63 of the characters a-z, 0-9 and '-'"
        )
    }

    package static func decode(
        body: [UInt8], routingKey: String, _ properties: MessageProperties, byteCount: UInt64? = nil
    ) throws(ContractError) -> IntakeMessage {
        guard let (verb, tenant) = address(ofRoutingKey: routingKey) else { throw refusal(ofRoutingKey: routingKey) }
        let byteCount = byteCount ?? UInt64(body.count)
        guard byteCount <= maximumBodyByteCount else {
            throw ContractError(
                .tooLarge,
                "the message has \(byteCount) bytes, at most \(maximumBodyByteCount) are allowed: send a path, not the study"
            )
        }
        var envelope = try ObjectReader(document(body, properties), at: "")
        let event = try readAttributes(&envelope, verb)
        var data = try envelope.object("data")
        try envelope.refuseUnknown()
        let sender = try sender(tenant: tenant, event, properties)
        switch verb {
        case .submitted: return .submitted(try readSubmission(&data, sender))
        case .requested: return .requested(try readRequest(&data, sender))
        case .completed: return .completed(try readCompletion(&data, sender))
        case .corrected: return .corrected(try readCorrection(&data, sender))
        }
    }

    private static func document(_ body: [UInt8], _ properties: MessageProperties) throws(ContractError) -> JSONValue {
        do throws(JSONFault) {
            return try JSONValue(parsing: body)
        } catch {
            let refusal = ContractError(error, of: body)
            // Celery's clients name the character set here.
            guard refusal.code == .notJSON, let encoding = properties.contentEncoding?.lowercased(),
                !["", "utf-8", "utf8", "identity"].contains(encoding)
            else { throw refusal }
            throw ContractError(
                .notJSON,
                "\(refusal.description); the property content_encoding says that it is compressed or encoded, expected a body as it is, without content_encoding"
            )
        }
    }

    private static func sender(tenant: Tenant, _ event: (id: String, source: String), _ properties: MessageProperties)
        throws(ContractError) -> IntakeSender
    {
        // The event has its own name; that of the AMQP message must be readable and nothing follows from it.
        _ = try property(properties.messageID, "message_id", properties)
        let correlationID = try property(properties.correlationID, "correlation_id", properties)
        return IntakeSender(
            tenant: tenant, source: event.source, messageID: event.id, replyTo: try answerQueue(properties),
            correlationID: correlationID)
    }

    /// Where a sender waits for the answer, nil if nowhere.
    /// - Throws: ``ContractError`` where an answer could not be sent, or must not be.
    private static func answerQueue(_ properties: MessageProperties) throws(ContractError) -> String? {
        guard let queue = try property(properties.replyTo, "reply_to", properties) else { return nil }
        guard !queue.hasPrefix("columna.") else {
            throw ContractError(
                .invalidValue,
                "the property reply_to names a queue of the system itself, expected a queue of the sender's")
        }
        return queue
    }

    /// Where a refusal can be told, whatever else is wrong with the message; nil when it asked for no answer or none
    /// can be sent. A correlation id that cannot come back is left out: the refusal says so.
    package static func answerAddress(of delivery: Delivery) -> AnswerAddress? {
        guard let queue = try? answerQueue(delivery.properties) else { return nil }
        return AnswerAddress(
            queue: queue,
            correlationID: try? property(delivery.properties.correlationID, "correlation_id", delivery.properties))
    }

    /// The `id` of the event as far as it can be read, so that a refusal says what was refused.
    package static func eventID(of delivery: Delivery) -> String? {
        guard delivery.announcedByteCount <= maximumBodyByteCount,
            let document = try? JSONValue(parsing: delivery.body),
            var envelope = try? ObjectReader(document, at: "")
        else { return nil }
        return try? readID(&envelope)
    }

    /// An AMQP property that comes back to the broker or goes into the database later: what either would refuse then is
    /// refused now. Nil when empty.
    private static func property(_ value: String?, _ name: String, _ properties: MessageProperties)
        throws(ContractError) -> String?
    {
        guard !properties.unreadable.contains(name) else {
            throw ContractError(
                .invalidValue,
                "the property \(name) has bytes that are no UTF-8, expected at most 255 bytes of UTF-8 without control characters"
            )
        }
        guard let value, !value.isEmpty else { return nil }
        guard value.utf8.count <= 255, isPrintable(value) else {
            throw ContractError(
                .invalidValue,
                "the property \(name) of \(value.utf8.count) bytes is not usable, expected at most 255 bytes of UTF-8 without control characters"
            )
        }
        return value
    }

    /// The CloudEvents attributes; answers those that name the event.
    private static func readAttributes(_ envelope: inout ObjectReader, _ verb: IntakeVerb) throws(ContractError) -> (
        id: String, source: String
    ) {
        _ = try envelope.string("specversion", length: 1...8, form: "1.0") { $0 == "1.0" }
        let type = try envelope.string("type", length: 1...256)
        guard type == verb.eventType else { throw refusal(ofType: type, verb) }
        let id = try readID(&envelope)
        let source = try envelope.string("source", length: 1...512, form: "a URI reference of at most 1024 bytes") {
            isPrintable($0) && $0.utf8.count <= maximumSourceByteCount
        }
        _ = try envelope.optionalString(
            "time", length: 20...40, form: "an RFC 3339 time such as 2026-01-31T09:00:00Z", isValid: isTime)
        _ = try envelope.optionalString("subject", length: 1...256, form: "no control characters", isValid: isPrintable)
        _ = try envelope.optionalString("datacontenttype", length: 1...128, form: "application/json", isValid: isJSON)
        _ = try envelope.optionalString("dataschema", length: 1...2048, form: "a URI", isValid: isPrintable)
        envelope.ignore(ignoredExtensions)
        return (id, source)
    }

    private static func readID(_ envelope: inout ObjectReader) throws(ContractError) -> String {
        try envelope.string("id", length: 1...200, form: "no control characters", isValid: isPrintable)
    }

    /// Tenant, source and id must fit one key of an index, 2704 bytes in PostgreSQL. A URI reference is ASCII, so 512
    /// characters of one always do.
    private static let maximumSourceByteCount = 1024

    /// Documented extensions of CloudEvents from which nothing follows here. Others would change what is to be done
    /// (`expirytime`, `dataref`), or are misspelt attributes: those are refused.
    private static let ignoredExtensions = [
        "traceparent", "tracestate", "partitionkey", "recordedtime", "sampledrate", "sequence", "sequencetype",
        "severitynumber", "severitytext",
    ]

    private static func refusal(ofType type: String, _ verb: IntakeVerb) -> ContractError {
        if let match = type.wholeMatch(of: /dev\.columna\.study\.([a-z]+)\.v([0-9]{1,6})/), match.1 == verb.rawValue {
            return ContractError(.unknownVersion, at: "/type", "/type has major version \(match.2), expected version 1")
        }
        return ContractError(
            .unknownType, at: "/type",
            "/type has a value of \(type.unicodeScalars.count) characters that does not go with the routing key, expected \(verb.eventType)"
        )
    }

    static let nameForm = "letters, digits, '.', '-', '_', the first a letter or digit"

    static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil }

    static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    /// RFC 3339, section 5.6, where T and Z may be lower case.
    private static func isTime(_ text: String) -> Bool {
        text.wholeMatch(
            of: /[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+\-][0-9]{2}:[0-9]{2})/)
            != nil
    }

    /// A media type of JSON, perhaps with a character set: CloudEvents JSON format 1.0.2, section 3.1.
    private static func isJSON(_ text: String) -> Bool {
        text.lowercased().wholeMatch(of: /[a-z0-9.+-]+\/([a-z0-9.+-]+\+)?json( *; *charset="?utf-?8"?)? */) != nil
    }
}
