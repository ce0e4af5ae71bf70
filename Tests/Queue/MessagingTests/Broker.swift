import Foundation
import Messaging
import Testing

/// The broker that the tests use: COLUMNA_BROKER_URL.
enum Broker {
    static let text = ProcessInfo.processInfo.environment["COLUMNA_BROKER_URL"].flatMap { $0.isEmpty ? nil : $0 }
    static var isThere: Bool { text != nil }

    static var url: BrokerURL {
        get throws { try BrokerURL(#require(text)) }
    }

    static func uniqueName(_ function: String) -> String {
        "test.\(function.prefix { $0.isLetter }).\(UUID().uuidString.prefix(8).lowercased())"
    }
}

/// A queue with a name of its own, deleted afterwards.
func withQueue(
    _ arguments: [String: HeaderValue] = [:], function: String = #function,
    _ body: (_ session: BrokerSession, _ queue: String) async throws -> Void
) async throws {
    let session = try await BrokerSession.connect(Broker.url)
    let queue = Broker.uniqueName(function)
    try await session.declare(
        QueueDeclaration(name: queue, arguments: arguments.merging(["x-queue-type": "quorum"]) { mine, _ in mine }))
    do {
        try await body(session, queue)
    } catch {
        try? await session.deleteQueue(queue)
        throw error
    }
    try? await session.deleteQueue(queue)
    await session.close()
}

/// The whole topology under a prefix of its own, deleted afterwards.
func withTopology(
    function: String = #function, _ body: (_ session: BrokerSession, _ topology: Topology) async throws -> Void
) async throws {
    let session = try await BrokerSession.connect(Broker.url)
    let topology = Topology(prefix: Broker.uniqueName(function))
    do {
        try await topology.declare(on: session, intakeKeys: ["study.submitted.*"])
        try await body(session, topology)
    } catch {
        try? await topology.delete(on: session)
        throw error
    }
    try await topology.delete(on: session)
    await session.close()
}

/// Messages to a queue by way of the default exchange.
func messages(_ count: Int, to queue: String, byteCount: Int = 20) -> [OutgoingMessage] {
    (0..<count).map {
        OutgoingMessage(
            exchange: "", routingKey: queue, properties: MessageProperties(messageID: "m\($0)"),
            body: Array(repeating: UInt8($0 & 255), count: byteCount))
    }
}

extension Consumer {
    /// The next `count` deliveries, unacknowledged.
    func next(_ count: Int) async throws -> [Delivery] {
        var found: [Delivery] = []
        for try await delivery in deliveries {
            found.append(delivery)
            if found.count == count { break }
        }
        return found
    }
}
