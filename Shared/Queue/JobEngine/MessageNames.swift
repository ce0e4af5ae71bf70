/// Names of exchanges, queues and routing keys, as the broker declares them and the outbox addresses them.
package enum MessageNames {
    package static let intakeExchange = "columna.intake"
    package static let workExchange = "columna.work"
    package static let eventsExchange = "columna.events"
    package static let controlExchange = "columna.control"
    package static let deadExchange = "columna.dead"
    /// The default exchange: the routing key is a queue's name. Replies go there.
    package static let defaultExchange = ""

    package static let intakeQueue = "columna.intake"
    package static let deadQueue = "columna.dead"

    package static func workQueue(_ stage: Stage, _ priority: Priority) -> String {
        "columna.work.\(stage.rawValue).\(priority.rawValue)"
    }

    /// Of a wake-up, within the work exchange.
    package static func workRoutingKey(_ stage: Stage, _ priority: Priority) -> String {
        "\(stage.rawValue).\(priority.rawValue)"
    }

    package static func jobEvent(_ stage: Stage, _ state: JobState) -> String {
        "job.\(stage.rawValue).\(state.rawValue)"
    }
}
