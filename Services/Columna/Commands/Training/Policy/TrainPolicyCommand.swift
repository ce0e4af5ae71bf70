import ArgumentParser

/// `columna train policy …`: models that are fine-tuned by themselves.
struct TrainPolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Fine-tune a model by itself after so many corrections.",
        discussion: """
            A round makes a data set with the corrections, fine-tunes the promoted version on it, measures both on held-out cases, and promotes the new one
            unless it is worse; `columna models rollback` takes that back.
            """,
        subcommands: [TrainPolicySetCommand.self, TrainPolicyShowCommand.self, TrainPolicyOffCommand.self],
        defaultSubcommand: TrainPolicyShowCommand.self)
}
