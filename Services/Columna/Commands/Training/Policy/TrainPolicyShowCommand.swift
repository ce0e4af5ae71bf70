import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

struct TrainPolicyShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the policies, and the rounds of corrections with what their gates decided.",
        discussion: "Example:\n  columna train policy show --tenant radiology")

    @Option(help: "Only this tenant's.")
    var tenant: Tenant?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let policies = try await system.correctionPolicies(tenant: tenant)
        let rounds = try await system.correctionRounds(tenant: tenant)
        output.show(["policies": JSONValue(policies.map(\.document)), "rounds": JSONValue(rounds.map(\.document))]) {
            if policies.isEmpty {
                print("No policies: set one with `columna train policy set`.")
            } else {
                print(Self.table(policies))
                for one in policies {
                    if let why = one.heldBack { print("\nno round of \(one.policy.model) begins: \(why)") }
                }
            }
            if !rounds.isEmpty { print("\n" + Self.table(rounds)) }
        }
    }

    private static func table(_ policies: [CorrectionPolicyStatus]) -> String {
        var table = TextTable("model", "tenant", ">corrections", ">of", "data set", "judged on", "promotes for")
        for one in policies {
            let policy = one.policy
            table.add(
                policy.model, policy.tenant.rawValue, "\(one.pending)", "\(policy.afterCorrections)", policy.dataSet,
                policy.split, policy.forAllTenants ? "all tenants" : policy.tenant.rawValue)
        }
        return table.text
    }

    private static func table(_ rounds: [CorrectionRoundStatus]) -> String {
        var table = TextTable(
            "model", "tenant", ">round", "began", ">corrections", "from", "made", "state", ">Δ Dice", ">p", ">pairs",
            "training")
        for one in rounds {
            table.add(
                one.model, one.tenant.rawValue, "\(one.number)", Wording.time(one.openedAt), "\(one.newCorrections)",
                one.beginsWith.rawValue, Wording.text(one.candidate?.rawValue), one.state,
                Wording.ratio(one.meanDifference), Wording.ratio(one.p), one.pairs.map { "\($0)" } ?? "",
                Wording.text(one.training?.description))
        }
        return table.text
    }
}
