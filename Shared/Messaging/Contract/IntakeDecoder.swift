import JobEngine

/// Reads what arrives at the intake queue, and says precisely what is wrong with it. Agrees with
/// `Contract/schemas/study-submitted.v1.schema.json`; `Contract/examples` holds both to it.
package enum IntakeDecoder {
    /// Bodies are at most 64 KiB: a study travels as a path.
    package static let maximumBodyByteCount = 64 << 10

    /// - Throws: ``ContractError`` for the first violation in the order: routing key, size, JSON, envelope, version, data.
    package static func decode(_ delivery: Delivery) throws(ContractError) -> IntakeMessage {
        try decode(body: delivery.body, routingKey: delivery.routingKey, delivery.properties, byteCount: delivery.announcedByteCount)
    }

    /// The tenant that a routing key names, nil unless it is `study.<verb>.` and 1 to 63 of a-z, 0-9 and `-`.
    package static func tenant(of delivery: Delivery) -> String? { address(ofRoutingKey: delivery.routingKey)?.tenant }

    private static func address(ofRoutingKey key: String) -> (verb: IntakeVerb, tenant: String)? {
        guard let match = key.wholeMatch(of: /study\.([a-z]+)\.([a-z0-9-]{1,63})/), let verb = IntakeVerb(rawValue: String(match.1)) else { return nil }
        return (verb, String(match.2))
    }

    package static func decode(
        body: [UInt8], routingKey: String, _ properties: MessageProperties, byteCount: UInt64? = nil
    ) throws(ContractError) -> IntakeMessage {
        guard let (verb, tenant) = address(ofRoutingKey: routingKey) else {
            throw ContractError(
                .invalidRoutingKey,
                "the routing key of \(routingKey.utf8.count) bytes names no tenant, expected study.submitted.<1 to 63 of a-z, 0-9, ->, or requested or completed in place of submitted")
        }
        let byteCount = byteCount ?? UInt64(body.count)
        guard byteCount <= maximumBodyByteCount else {
            throw ContractError(.tooLarge, "the message has \(byteCount) bytes, at most \(maximumBodyByteCount) are allowed: send a path, not the study")
        }
        guard let document = JSONValue(parsing: body) else {
            throw ContractError(.notJSON, "the message of \(body.count) bytes is not JSON in UTF-8, expected a CloudEvents 1.0 object")
        }
        var envelope = try ObjectReader(document, at: "")
        let id = try readAttributes(&envelope, verb)
        var data = try envelope.object("data")
        try envelope.refuseUnknown()
        let sender = try sender(tenant: tenant, id: id, properties)
        switch verb {
        case .submitted: return .submitted(try readSubmission(&data, sender))
        case .requested: return .requested(try readRequest(&data, sender))
        case .completed: return .completed(try readCompletion(&data, sender))
        }
    }

    private static func sender(tenant: String, id: String, _ properties: MessageProperties) throws(ContractError) -> IntakeSender {
        let sender = IntakeSender(
            tenant: tenant, messageID: try property(properties.messageID, "message_id") ?? id, replyTo: try property(properties.replyTo, "reply_to"),
            correlationID: try property(properties.correlationID, "correlation_id"))
        if sender.replyTo?.hasPrefix("columna.") == true {
            throw ContractError(.invalidValue, "the property reply_to names a queue of the system itself, expected a queue of the sender's")
        }
        return sender
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
    private static func readAttributes(_ envelope: inout ObjectReader, _ verb: IntakeVerb) throws(ContractError) -> String {
        _ = try envelope.string("specversion", length: 1...8, form: "1.0") { $0 == "1.0" }
        let type = try envelope.string("type", length: 1...256)
        guard type == verb.eventType else { throw refusal(ofType: type, verb) }
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

    private static func refusal(ofType type: String, _ verb: IntakeVerb) -> ContractError {
        if let match = type.wholeMatch(of: /dev\.columna\.study\.([a-z]+)\.v([0-9]{1,6})/), match.1 == verb.rawValue {
            return ContractError(.unknownVersion, at: "/type", "/type has major version \(match.2), expected version 1")
        }
        return ContractError(
            .unknownType, at: "/type",
            "/type has a value of \(type.unicodeScalars.count) characters that does not go with the routing key, expected \(verb.eventType)")
    }

    static let nameForm = "letters, digits, '.', '-', '_', the first a letter or digit"

    static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil }

    static func isPrintable(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }

    private static func isTime(_ text: String) -> Bool {
        text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+\-][0-9]{2}:[0-9]{2})/) != nil
    }
}
