// The boundary to rabbitmq-c 0.11: the only file that imports CRabbitMQ. No C type and no pointer leaves it.
import CRabbitMQ
import Glibc

/// One connection with one channel. Not Sendable, and every method blocks: only the thread that opened it calls it
/// (``ConnectionThread``). rabbitmq-c serves the heartbeat inside its calls only, so the owner calls
/// ``nextEvent(waiting:)`` more often than every half heartbeat.
///
/// After an error whose code is `connection-lost` nothing but releasing it makes sense. After an exception of the
/// channel (not-found, precondition-failed, …) ``reopenChannel()`` makes it usable again.
final class AMQPConnection {
    private static let answerTimeoutInSeconds = 20
    private static let channel: amqp_channel_t = 1
    /// Where Debian keeps the authorities it trusts.
    private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    private let state: amqp_connection_state_t
    /// Holds the strings and tables of the call being made.
    private var scratch = amqp_pool_t()
    private var partial: PartialMessage?
    private var queuesByConsumerTag: [String: String] = [:]
    private var isChannelOpen = false
    /// Tells this connection's delivery tags from those of others.
    let id = UInt64.random(in: 1...UInt64.max)

    init(_ url: BrokerURL, name: String) throws(MessagingError) {
        guard let state = amqp_new_connection() else {
            throw MessagingError(.refused, "rabbitmq-c has no memory for a connection")
        }
        self.state = state
        init_amqp_pool(&scratch, 16 << 10)
        var timeout = timeval(tv_sec: Self.answerTimeoutInSeconds, tv_usec: 0)
        amqp_set_handshake_timeout(state, &timeout)
        amqp_set_rpc_timeout(state, &timeout)
        try openSocket(url, timeout)
        try logIn(url, name)
        try reopenChannel()
    }

    deinit {
        amqp_destroy_connection(state)
        empty_amqp_pool(&scratch)
    }

    /// The socket, for poll(2) only.
    var socket: Int32 { amqp_get_sockfd(state) }

    func close() { _ = amqp_connection_close(state, AMQP_REPLY_SUCCESS) }
}

// MARK: - Opening

extension AMQPConnection {
    private func openSocket(_ url: BrokerURL, _ timeout: timeval) throws(MessagingError) {
        guard let socket = url.usesTLS ? try makeTLSSocket(url) : amqp_tcp_socket_new(state) else {
            throw MessagingError(.refused, "rabbitmq-c has no memory for a socket")
        }
        var timeout = timeout
        let status = amqp_socket_open_noblock(socket, url.host, Int32(url.port), &timeout)
        guard status != AMQP_STATUS_OK.rawValue else { return }
        let reason = Self.text(status)
        if (AMQP_STATUS_SSL_CONNECTION_FAILED.rawValue...AMQP_STATUS_SSL_ERROR.rawValue).contains(status) {
            throw MessagingError(
                .tls,
                "the broker at \(url) did not pass TLS (\(reason)): its certificate must name \(url.host) and be signed by COLUMNA_BROKER_CA"
            )
        }
        throw MessagingError(
            .unreachable, "the broker at \(url) cannot be reached (\(reason)): check that it runs and the address")
    }

    /// Peer and host name verified, TLS 1.2 as the floor, the authorities named.
    private func makeTLSSocket(_ url: BrokerURL) throws(MessagingError) -> OpaquePointer? {
        guard let socket = amqp_ssl_socket_new(state) else { return nil }
        amqp_ssl_socket_set_verify_peer(socket, 1)
        amqp_ssl_socket_set_verify_hostname(socket, 1)
        guard amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST) == AMQP_STATUS_OK.rawValue else {
            throw MessagingError(.tls, "openssl refuses TLS 1.2 as the floor: check openssl.cnf")
        }
        guard amqp_ssl_socket_set_cacert(socket, url.authorities ?? Self.systemAuthorities) == AMQP_STATUS_OK.rawValue
        else {
            throw MessagingError(
                .tls, "COLUMNA_BROKER_CA is not a readable PEM file of certificates: check its path and contents")
        }
        return socket
    }

    private func logIn(_ url: BrokerURL, _ name: String) throws(MessagingError) {
        // rabbitmq-c 0.11 does not ask for all of these by itself.
        let capabilities: HeaderValue = .table([
            "publisher_confirms": true, "basic.nack": true, "consumer_cancel_notify": true, "connection.blocked": true,
            "authentication_failure_close": true,
        ])
        var properties = table(["connection_name": .string(name), "product": "columna", "capabilities": capabilities])
        let reply = columna_amqp_login_plain(
            state, url.virtualHost, 1, AMQP_DEFAULT_FRAME_SIZE, Int32(url.heartbeatInSeconds), &properties, url.user,
            url.password)
        try check(reply, "the login of \(url)")
    }

    /// Opens the channel if an exception closed it.
    func reopenChannel() throws(MessagingError) {
        guard !isChannelOpen else { return }
        _ = amqp_channel_open(state, Self.channel)
        try check(amqp_get_rpc_reply(state), "opening a channel")
        isChannelOpen = true
    }
}

// MARK: - Topology

extension AMQPConnection {
    func declare(_ exchange: ExchangeDeclaration) throws(MessagingError) {
        begin()
        _ = amqp_exchange_declare(
            state, Self.channel, bytes(exchange.name), bytes(exchange.kind.rawValue), 0, 1, 0, 0,
            table(exchange.arguments))
        try check(amqp_get_rpc_reply(state), "declaring exchange \(exchange.name)")
    }

    func declare(_ queue: QueueDeclaration) throws(MessagingError) {
        begin()
        _ = amqp_queue_declare(state, Self.channel, bytes(queue.name), 0, 1, 0, 0, table(queue.arguments))
        try check(amqp_get_rpc_reply(state), "declaring queue \(queue.name)")
    }

    /// A queue of this connection only, gone with it; the broker invents and answers the name.
    func declareExclusiveQueue() throws(MessagingError) -> String {
        begin()
        let answer = amqp_queue_declare(state, Self.channel, bytes(""), 0, 0, 1, 1, table([:]))
        try check(amqp_get_rpc_reply(state), "declaring an exclusive queue")
        return answer.map { Self.string($0.pointee.queue) } ?? ""
    }

    /// The number of ready messages.
    func messageCount(of queue: String) throws(MessagingError) -> Int {
        begin()
        let answer = amqp_queue_declare(state, Self.channel, bytes(queue), 1, 1, 0, 0, table([:]))
        try check(amqp_get_rpc_reply(state), "looking at queue \(queue)")
        return answer.map { Int($0.pointee.message_count) } ?? 0
    }

    func bind(_ queue: String, to exchange: String, routingKey: String) throws(MessagingError) {
        begin()
        _ = amqp_queue_bind(state, Self.channel, bytes(queue), bytes(exchange), bytes(routingKey), table([:]))
        try check(amqp_get_rpc_reply(state), "binding queue \(queue) to exchange \(exchange)")
    }

    func purge(_ queue: String) throws(MessagingError) -> Int {
        begin()
        let answer = amqp_queue_purge(state, Self.channel, bytes(queue))
        try check(amqp_get_rpc_reply(state), "purging queue \(queue)")
        return answer.map { Int($0.pointee.message_count) } ?? 0
    }

    func deleteQueue(_ queue: String) throws(MessagingError) {
        begin()
        _ = amqp_queue_delete(state, Self.channel, bytes(queue), 0, 0)
        try check(amqp_get_rpc_reply(state), "deleting queue \(queue)")
    }

    func deleteExchange(_ exchange: String) throws(MessagingError) {
        begin()
        _ = amqp_exchange_delete(state, Self.channel, bytes(exchange), 0)
        try check(amqp_get_rpc_reply(state), "deleting exchange \(exchange)")
    }
}

// MARK: - Messages

extension AMQPConnection {
    /// From now on the broker answers each publish; the first one has tag 1.
    func selectConfirms() throws(MessagingError) {
        _ = amqp_confirm_select(state, Self.channel)
        try check(amqp_get_rpc_reply(state), "asking for publisher confirms")
    }

    /// Persistent (delivery mode 2) and mandatory.
    func publish(_ message: OutgoingMessage) throws(MessagingError) {
        begin()
        var properties = encode(message.properties)
        let exchange = bytes(message.exchange)
        let routingKey = bytes(message.routingKey)
        let status = message.body.withUnsafeBytes { body in
            let content = amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
            return amqp_basic_publish(state, Self.channel, exchange, routingKey, 1, 0, &properties, content)
        }
        try check(status, "publishing")
    }

    /// At most `prefetch` unacknowledged messages from each queue; answers the consumer's tag.
    func consume(_ queue: String, prefetch: UInt16) throws(MessagingError) -> String {
        begin()
        _ = amqp_basic_qos(state, Self.channel, 0, prefetch, 0)
        try check(amqp_get_rpc_reply(state), "setting the prefetch")
        let answer = amqp_basic_consume(state, Self.channel, bytes(queue), bytes(""), 0, 0, 0, table([:]))
        try check(amqp_get_rpc_reply(state), "consuming queue \(queue)")
        let tag = answer.map { Self.string($0.pointee.consumer_tag) } ?? ""
        queuesByConsumerTag[tag] = queue
        return tag
    }

    /// Ends a consumer before its connection: see job-engine, "What the C libraries demand".
    func cancelConsumer(_ tag: String) throws(MessagingError) {
        begin()
        _ = amqp_basic_cancel(state, Self.channel, bytes(tag))
        try check(amqp_get_rpc_reply(state), "cancelling a consumer")
    }

    func acknowledge(_ tag: UInt64) throws(MessagingError) {
        try check(amqp_basic_ack(state, Self.channel, tag, 0), "acknowledging")
    }

    func reject(_ tag: UInt64, requeue: Bool) throws(MessagingError) {
        try check(amqp_basic_reject(state, Self.channel, tag, requeue ? 1 : 0), "rejecting")
    }

    /// Takes one message without waiting; nil when the queue is empty.
    func get(_ queue: String) throws(MessagingError) -> Delivery? {
        begin()
        let reply = amqp_basic_get(state, Self.channel, bytes(queue), 0)
        try check(reply, "getting from queue \(queue)")
        guard reply.reply.id == AMQP_BASIC_GET_OK_METHOD else { return nil }
        let answer = reply.reply.decoded.load(as: amqp_basic_get_ok_t.self)
        partial = PartialMessage(
            .delivery(
                connection: id, tag: answer.delivery_tag, redelivered: answer.redelivered != 0,
                exchange: Self.string(answer.exchange),
                routingKey: Self.string(answer.routing_key), queue: queue))
        // Its header and body follow; nothing else comes to a connection that only gets.
        while let event = try nextEvent(waiting: Self.answerTimeoutInSeconds) {
            if case .delivered(let delivery) = event { return delivery }
        }
        throw MessagingError(.connectionLost, "the broker sent half a message from queue \(queue): reconnect")
    }
}

// MARK: - What the broker sends

extension AMQPConnection {
    /// The next event, or nil when none came within `seconds`. Sends and checks heartbeats.
    func nextEvent(waiting seconds: Int = 0) throws(MessagingError) -> AMQPEvent? {
        while true {
            var frame = amqp_frame_t()
            var timeout = timeval(tv_sec: seconds, tv_usec: 0)
            let status = amqp_simple_wait_frame_noblock(state, &frame, &timeout)
            if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
            try check(status, "waiting for a frame")
            // Everything is copied out of the frame by decode(_:).
            defer { amqp_maybe_release_buffers_on_channel(state, frame.channel) }
            if let event = try decode(frame) { return event }
        }
    }

    private func decode(_ frame: amqp_frame_t) throws(MessagingError) -> AMQPEvent? {
        switch Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            return try decode(frame.payload.method)
        case AMQP_FRAME_HEADER:
            let header = frame.payload.properties
            partial?.begin(
                Self.decode(header.decoded.load(as: amqp_basic_properties_t.self)), byteCount: header.body_size)
        case AMQP_FRAME_BODY:
            let fragment = frame.payload.body_fragment
            partial?.append(UnsafeRawBufferPointer(start: fragment.bytes, count: fragment.len))
        default:
            return nil
        }
        guard let message = partial, message.isComplete else { return nil }
        partial = nil
        return message.event
    }

    private func decode(_ method: amqp_method_t) throws(MessagingError) -> AMQPEvent? {
        guard let decoded = method.decoded else { return nil }
        switch method.id {
        case AMQP_BASIC_ACK_METHOD:
            let answer = decoded.load(as: amqp_basic_ack_t.self)
            return .acknowledged(tag: answer.delivery_tag, multiple: answer.multiple != 0)
        case AMQP_BASIC_NACK_METHOD:
            let answer = decoded.load(as: amqp_basic_nack_t.self)
            return .refused(tag: answer.delivery_tag, multiple: answer.multiple != 0)
        case AMQP_BASIC_RETURN_METHOD:
            let answer = decoded.load(as: amqp_basic_return_t.self)
            let (exchange, routingKey) = (Self.string(answer.exchange), Self.string(answer.routing_key))
            partial = PartialMessage(
                .returned(exchange: exchange, routingKey: routingKey, reason: Self.string(answer.reply_text)))
        case AMQP_BASIC_DELIVER_METHOD:
            let answer = decoded.load(as: amqp_basic_deliver_t.self)
            let tag = Self.string(answer.consumer_tag)
            partial = PartialMessage(
                .delivery(
                    connection: id, tag: answer.delivery_tag, redelivered: answer.redelivered != 0,
                    exchange: Self.string(answer.exchange),
                    routingKey: Self.string(answer.routing_key), queue: queuesByConsumerTag[tag] ?? ""))
        case AMQP_BASIC_CANCEL_METHOD:
            return .consumerCancelled(consumerTag: Self.string(decoded.load(as: amqp_basic_cancel_t.self).consumer_tag))
        case AMQP_CONNECTION_BLOCKED_METHOD:
            return .blocked(reason: Self.string(decoded.load(as: amqp_connection_blocked_t.self).reason))
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            return .unblocked
        case AMQP_CHANNEL_CLOSE_METHOD, AMQP_CONNECTION_CLOSE_METHOD:
            throw exception(method, "an earlier command")
        default:
            break
        }
        return nil
    }
}

// MARK: - Checks

extension AMQPConnection {
    private func check(_ status: Int32, _ action: String) throws(MessagingError) {
        guard status < 0 else { return }
        throw MessagingError(
            .connectionLost, "the connection to the broker was lost while \(action) (\(Self.text(status))): reconnect")
    }

    private func check(_ reply: amqp_rpc_reply_t, _ action: String) throws(MessagingError) {
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_SERVER_EXCEPTION: throw exception(reply.reply, action)
        case AMQP_RESPONSE_LIBRARY_EXCEPTION: try check(reply.library_error, action)
        default: break
        }
        throw MessagingError(.connectionLost, "the broker closed the socket during \(action): reconnect")
    }

    /// Answers a close as the protocol demands, and says why the broker closed.
    private func exception(_ method: amqp_method_t, _ action: String) -> MessagingError {
        isChannelOpen = false
        partial = nil
        if method.id == AMQP_CHANNEL_CLOSE_METHOD {
            let close = method.decoded.load(as: amqp_channel_close_t.self)
            let error = MessagingError(
                replyCode: Int(close.reply_code), text: Self.string(close.reply_text), while: action)
            var answer = amqp_channel_close_ok_t()
            _ = amqp_send_method(state, Self.channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &answer)
            return error
        }
        guard method.id == AMQP_CONNECTION_CLOSE_METHOD else {
            return MessagingError(.connectionLost, "the broker sent an unexpected method during \(action): reconnect")
        }
        let close = method.decoded.load(as: amqp_connection_close_t.self)
        let error = MessagingError(replyCode: Int(close.reply_code), text: Self.string(close.reply_text), while: action)
        var answer = amqp_connection_close_ok_t()
        _ = amqp_send_method(state, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &answer)
        return error
    }

    private static func text(_ status: Int32) -> String {
        amqp_error_string2(status).map { String(cString: $0) } ?? "status \(status)"
    }
}

// MARK: - Values

extension AMQPConnection {
    /// Frees the strings and tables of the call before.
    private func begin() { recycle_amqp_pool(&scratch) }

    /// A copy in the scratch pool.
    private func bytes(_ content: some Collection<UInt8>) -> amqp_bytes_t {
        let count = content.count
        guard count > 0, let memory = amqp_pool_alloc(&scratch, count) else { return amqp_bytes_t(len: 0, bytes: nil) }
        UnsafeMutableRawBufferPointer(start: memory, count: count).copyBytes(from: content)
        return amqp_bytes_t(len: count, bytes: memory)
    }

    private func bytes(_ text: String) -> amqp_bytes_t { bytes(text.utf8) }

    private func table(_ values: [String: HeaderValue]) -> amqp_table_t {
        let count = values.count
        let memory = count == 0 ? nil : amqp_pool_alloc(&scratch, count * MemoryLayout<amqp_table_entry_t>.stride)
        guard let memory else { return amqp_table_t(num_entries: 0, entries: nil) }
        let entries = memory.bindMemory(to: amqp_table_entry_t.self, capacity: count)
        for (index, (key, value)) in values.enumerated() {
            entries.advanced(by: index).initialize(to: amqp_table_entry_t(key: bytes(key), value: field(value)))
        }
        return amqp_table_t(num_entries: Int32(count), entries: entries)
    }

    private func field(_ value: HeaderValue) -> amqp_field_value_t {
        var field = amqp_field_value_t()
        let kind: amqp_field_value_kind_t
        switch value {
        case .boolean(let value): (kind, field.value.boolean) = (AMQP_FIELD_KIND_BOOLEAN, value ? 1 : 0)
        case .integer(let value): (kind, field.value.i64) = (AMQP_FIELD_KIND_I64, value)
        case .number(let value): (kind, field.value.f64) = (AMQP_FIELD_KIND_F64, value)
        case .string(let value): (kind, field.value.bytes) = (AMQP_FIELD_KIND_UTF8, bytes(value))
        case .bytes(let value): (kind, field.value.bytes) = (AMQP_FIELD_KIND_BYTES, bytes(value))
        case .table(let value): (kind, field.value.table) = (AMQP_FIELD_KIND_TABLE, table(value))
        case .array(let values): (kind, field.value.array) = (AMQP_FIELD_KIND_ARRAY, array(values))
        case .null: kind = AMQP_FIELD_KIND_VOID
        }
        field.kind = UInt8(kind.rawValue)
        return field
    }

    private func array(_ values: [HeaderValue]) -> amqp_array_t {
        let memory =
            values.isEmpty ? nil : amqp_pool_alloc(&scratch, values.count * MemoryLayout<amqp_field_value_t>.stride)
        guard let memory else { return amqp_array_t(num_entries: 0, entries: nil) }
        let entries = memory.bindMemory(to: amqp_field_value_t.self, capacity: values.count)
        for (index, value) in values.enumerated() { entries.advanced(by: index).initialize(to: field(value)) }
        return amqp_array_t(num_entries: Int32(values.count), entries: entries)
    }

    private func encode(_ properties: MessageProperties) -> amqp_basic_properties_t {
        var encoded = amqp_basic_properties_t()
        encoded.delivery_mode = 2
        encoded._flags = amqp_flags_t(AMQP_BASIC_DELIVERY_MODE_FLAG)
        func set(_ text: String?, _ flag: Int32, _ field: WritableKeyPath<amqp_basic_properties_t, amqp_bytes_t>) {
            guard let text else { return }
            encoded[keyPath: field] = bytes(text)
            encoded._flags |= amqp_flags_t(flag)
        }
        set(properties.contentType, AMQP_BASIC_CONTENT_TYPE_FLAG, \.content_type)
        set(properties.contentEncoding, AMQP_BASIC_CONTENT_ENCODING_FLAG, \.content_encoding)
        set(properties.messageID, AMQP_BASIC_MESSAGE_ID_FLAG, \.message_id)
        set(properties.correlationID, AMQP_BASIC_CORRELATION_ID_FLAG, \.correlation_id)
        set(properties.replyTo, AMQP_BASIC_REPLY_TO_FLAG, \.reply_to)
        set(properties.type, AMQP_BASIC_TYPE_FLAG, \.type)
        if let priority = properties.priority {
            encoded.priority = priority
            encoded._flags |= amqp_flags_t(AMQP_BASIC_PRIORITY_FLAG)
        }
        if !properties.headers.isEmpty {
            encoded.headers = table(properties.headers)
            encoded._flags |= amqp_flags_t(AMQP_BASIC_HEADERS_FLAG)
        }
        return encoded
    }

    private static func decode(_ properties: amqp_basic_properties_t) -> MessageProperties {
        func has(_ flag: Int32) -> Bool { properties._flags & amqp_flags_t(flag) != 0 }
        var unreadable: Set<String> = []
        func text(_ name: String, _ flag: Int32, _ value: amqp_bytes_t) -> String? {
            guard has(flag) else { return nil }
            let text = String(validating: UnsafeRawBufferPointer(start: value.bytes, count: value.len), as: UTF8.self)
            if text == nil { unreadable.insert(name) }
            return text
        }
        var decoded = MessageProperties(
            contentType: text("content_type", AMQP_BASIC_CONTENT_TYPE_FLAG, properties.content_type),
            contentEncoding: text("content_encoding", AMQP_BASIC_CONTENT_ENCODING_FLAG, properties.content_encoding),
            messageID: text("message_id", AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id),
            correlationID: text("correlation_id", AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlation_id),
            replyTo: text("reply_to", AMQP_BASIC_REPLY_TO_FLAG, properties.reply_to),
            type: text("type", AMQP_BASIC_TYPE_FLAG, properties.type),
            priority: has(AMQP_BASIC_PRIORITY_FLAG) ? properties.priority : nil,
            headers: has(AMQP_BASIC_HEADERS_FLAG) ? decode(properties.headers, depth: 0) : [:])
        decoded.unreadable = unreadable
        return decoded
    }

    private static func decode(_ table: amqp_table_t, depth: Int) -> [String: HeaderValue] {
        let entries = UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries))
        return Dictionary(
            entries.map { (string($0.key), decode($0.value, depth: depth)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Tables nested deeper than eight are a sender's trick or mistake, and read as null.
    private static func decode(_ field: amqp_field_value_t, depth: Int) -> HeaderValue {
        guard depth < 8 else { return .null }
        switch amqp_field_value_kind_t(rawValue: UInt32(field.kind)) {
        case AMQP_FIELD_KIND_BOOLEAN: return .boolean(field.value.boolean != 0)
        case AMQP_FIELD_KIND_I8: return .integer(Int64(field.value.i8))
        case AMQP_FIELD_KIND_U8: return .integer(Int64(field.value.u8))
        case AMQP_FIELD_KIND_I16: return .integer(Int64(field.value.i16))
        case AMQP_FIELD_KIND_U16: return .integer(Int64(field.value.u16))
        case AMQP_FIELD_KIND_I32: return .integer(Int64(field.value.i32))
        case AMQP_FIELD_KIND_U32: return .integer(Int64(field.value.u32))
        case AMQP_FIELD_KIND_I64: return .integer(field.value.i64)
        case AMQP_FIELD_KIND_U64, AMQP_FIELD_KIND_TIMESTAMP: return .integer(Int64(clamping: field.value.u64))
        case AMQP_FIELD_KIND_F32: return .number(Double(field.value.f32))
        case AMQP_FIELD_KIND_F64: return .number(field.value.f64)
        case AMQP_FIELD_KIND_UTF8: return .string(string(field.value.bytes))
        case AMQP_FIELD_KIND_BYTES:
            return .bytes(Array(UnsafeRawBufferPointer(start: field.value.bytes.bytes, count: field.value.bytes.len)))
        case AMQP_FIELD_KIND_TABLE: return .table(decode(field.value.table, depth: depth + 1))
        case AMQP_FIELD_KIND_ARRAY:
            let items = UnsafeBufferPointer(start: field.value.array.entries, count: Int(field.value.array.num_entries))
            return .array(items.map { decode($0, depth: depth + 1) })
        default: return .null
        }
    }

    private static func string(_ bytes: amqp_bytes_t) -> String {
        String(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
    }
}
