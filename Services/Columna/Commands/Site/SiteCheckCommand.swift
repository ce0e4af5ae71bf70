import ArgumentParser
import Console
import DICOMSeries
import DeIdentification
import Documents
import Foundation
import JobEngine
import Site
import Studies

struct SiteCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read a site file as columna-ingestion does, and say what it means.",
        discussion: """
            The exit code is 78 when something in it is wrong. Nothing is contacted.

            Example:
              columna site check site.yaml
            """)

    @Argument(help: "The site file.", completion: .file(extensions: ["yaml", "yml"]))
    var path: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let site = try Site.read(URL(filePath: path))
        output.show(Self.json(site)) { show(site) }
    }

    private func show(_ site: Site) {
        if let listener = site.listener {
            print(
                "listens as \(listener.title) at \(listener.address):\(listener.port), \(listener.maximumAssociations) associations at a time"
            )
            var callers = TextTable("caller", "address", "tenant")
            for caller in listener.callers {
                callers.add(caller.title, caller.address ?? "any", caller.tenant.rawValue)
            }
            print(callers.text + "\n")
        } else {
            print("no listener: nobody can send images\n")
        }
        var nodes = TextTable("archive", "by", "where")
        for (name, node) in site.nodes.sorted(by: { $0.key < $1.key }) {
            switch node {
            case .dimse(let peer):
                nodes.add(
                    name, "C-\(peer.retrieval.rawValue.uppercased())", "\(peer.title) at \(peer.host):\(peer.port)")
            case .web(let peer): nodes.add(name, "DICOMweb", peer.url)
            }
        }
        if !site.nodes.isEmpty { print(nodes.text + "\n") }
        var tenants = TextTable(
            "tenant", "model", ">quiet", ">patience", "missing slices", "reads below", "pulls from", "delivers to",
            "on review", "identities")
        for (name, policy) in site.tenants.sorted(by: { $0.key < $1.key }) {
            tenants.add(
                name.rawValue, policy.model?.rawValue ?? "only if named", "\(Int(policy.settling.quietInSeconds)) s",
                "\(Int(policy.settling.patienceInSeconds)) s",
                policy.series.missingSlices.rawValue, list(policy.inputRoots), list(policy.sources),
                list(policy.destinations), policy.onReview.rawValue,
                identities(policy.deidentification))
        }
        if !site.tenants.isEmpty { print(tenants.text) }
        for (name, policy) in site.tenants.sorted(by: { $0.key < $1.key }) where policy.model == nil {
            guard site.listener?.callers.contains(where: { $0.tenant == name }) == true else { continue }
            remark(
                "columna: tenant \(name) has no model, and what its callers send names none: such studies will be refused"
            )
        }
    }

    private func list(_ names: [String]) -> String { names.isEmpty ? "-" : names.joined(separator: ", ") }

    private func identities(_ policy: DeIdentificationPolicy) -> String {
        guard policy.profile != .none else { return "kept" }
        let retained = policy.retain.map(\.rawValue).sorted()
        return
            (["removed: basic profile", "dates \(policy.dates.rawValue)", "UIDs \(policy.uids.rawValue)"]
            + retained.map { "\($0) kept" }).joined(separator: ", ")
    }

    private static func json(_ site: Site) -> JSONValue {
        [
            "listener": site.listener.map {
                ["ae_title": JSONValue($0.title), "address": JSONValue($0.address), "port": JSONValue($0.port)]
            } ?? nil,
            "nodes": JSONValue(site.nodes.keys.sorted().map { JSONValue($0) }),
            "tenants": JSONValue(
                site.tenants.sorted { $0.key < $1.key }.map { name, policy in
                    [
                        "name": JSONValue(name), "model": JSONValue(policy.model),
                        "input_roots": JSONValue(policy.inputRoots.map { JSONValue($0) }),
                        "on_review": JSONValue(policy.onReview.rawValue),
                        "pull_from": JSONValue(policy.sources.map { JSONValue($0) }),
                        "deliver_to": JSONValue(policy.destinations.map { JSONValue($0) }),
                        "missing_slices": JSONValue(policy.series.missingSlices.rawValue),
                        "removes_identity": JSONValue(policy.deidentification.profile != .none),
                    ]
                }),
        ]
    }
}
