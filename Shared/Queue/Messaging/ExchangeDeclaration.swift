/// A durable exchange, as ``BrokerSession/declare(_:)-(ExchangeDeclaration)`` declares it.
package struct ExchangeDeclaration: Sendable, Hashable {
    package enum Kind: String, Sendable { case direct, topic, fanout }

    package var name: String
    package var kind: Kind
    package var arguments: [String: HeaderValue]

    package init(name: String, kind: Kind, arguments: [String: HeaderValue] = [:]) {
        self.name = name
        self.kind = kind
        self.arguments = arguments
    }
}
