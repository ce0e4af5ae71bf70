/// A queue and its arguments, as ``BrokerSession/declare(_:)-(QueueDeclaration)`` declares it.
package struct QueueDeclaration: Sendable, Hashable {
    package var name: String
    package var arguments: [String: HeaderValue]

    package init(name: String, arguments: [String: HeaderValue]) {
        self.name = name
        self.arguments = arguments
    }
}
