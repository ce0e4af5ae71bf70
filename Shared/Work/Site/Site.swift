import Faults
package import Foundation
package import DeIdentification
package import JobEngine
package import Studies
import Yams

/// What ingestion knows of the hospital around it: who may send, which archives there are, and how each tenant's
/// studies are to be treated.
///
/// ```yaml
/// listener:
///   ae-title: COLUMNA
///   port: 11112
///   address: 0.0.0.0
///   callers:
///     - {ae-title: CT1, tenant: radiology, address: 10.0.0.5}
/// nodes:
///   pacs: {dimse: {ae-title: ARCHIVE, host: pacs.example, port: 104, retrieve: get}}
///   web: {dicomweb: {url: 'https://pacs.example/dicom-web', user: columna, password-file: /run/secrets/pacs}}
/// secret-file: /run/secrets/columna-site
/// custody-keys: /run/secrets/columna-custody
/// tenants:
///   radiology:
///     quiet-seconds: 60
///     patience-seconds: 900
///     missing-slices: refuse
///     model: spine
///     priority: routine
///     pull-from: [pacs]
///     deliver-to: [web]
///     reply-queues: [radiology.results]
///     de-identification: {profile: basic, dates: shift, retain: [patient-characteristics]}
/// ```
package struct Site: Sendable, Equatable {
    package var listener: Listener?
    package var nodes: [String: Node]
    package var tenants: [Tenant: TenantPolicy]
    /// What pseudonyms and date shifts are derived from, and what the database knows studies by; needed when a tenant's
    /// policy removes identities, and for a listener or nodes whatever the policies are.
    package var secretFile: String?
    /// The keys under which originals are sealed in custody; needed likewise.
    package var custodyKeys: String?

    package init(
        listener: Listener? = nil, nodes: [String: Node] = [:], tenants: [Tenant: TenantPolicy] = [:],
        secretFile: String? = nil,
        custodyKeys: String? = nil
    ) {
        self.secretFile = secretFile
        self.custodyKeys = custodyKeys
        self.listener = listener
        self.nodes = nodes
        self.tenants = tenants
    }

    /// Reads and checks a site file. A tenant, a node or a caller that one part names must stand in the other.
    ///
    /// - Throws: ``SiteError``.
    package static func read(_ file: URL) throws -> Site {
        guard let data = try? Data(contentsOf: file) else {
            throw SiteError(
                "the site file \(file.path) cannot be read: check the path in COLUMNA_SITE and its permissions")
        }
        guard data.count <= 1 << 20 else {
            throw SiteError("the site file has \(data.count) bytes, expected at most 1048576")
        }
        return try parse(String(decoding: data, as: UTF8.self))
    }

    package static func parse(_ text: String) throws -> Site {
        let document: Any?
        do { document = try Yams.load(yaml: text) } catch let error as YamlError {
            throw SiteError("the site file is not YAML: \(error)")
        }
        var root = try SiteReader(document ?? [String: Any](), at: "")
        let site = Site(
            listener: try root.optional("listener", Listener.init), nodes: try root.objects("nodes", Node.init),
            tenants: Dictionary(
                uniqueKeysWithValues: try root.objects("tenants", TenantPolicy.init).map { (Tenant($0.key), $0.value) }),
            secretFile: try root.optionalText("secret-file"),
            custodyKeys: try root.optionalText("custody-keys"))
        try root.refuseUnknown()
        try site.checkReferences()
        return site
    }

    /// Reads the secret that the file names; nil where it names none.
    ///
    /// - Throws: `DeIdentificationError.invalidSecret`.
    package func secret() throws -> SiteSecret? { try secretFile.map { try SiteSecret(file: URL(filePath: $0)) } }

    /// A tenant that the file does not name has the defaults.
    package func policy(of tenant: Tenant) -> TenantPolicy { tenants[tenant] ?? TenantPolicy() }

    /// The model that a study is segmented with, by whatever way it comes: the one its request names, else its
    /// tenant's. There is no other default.
    ///
    /// - Throws: ``SiteError`` where neither names one.
    package func model(requested: ModelReference?, tenant: Tenant) throws(SiteError) -> ModelReference {
        if let model = requested ?? policy(of: tenant).model { return model }
        throw SiteError(
            "the request names no model, and tenant \(tenant) has none in the site file: name one in the request (data.model, --model), or set "
                + "tenants.\(tenant).model in the site file; `columna models list` shows them")
    }

    /// Where answers to a tenant's messages may go. Where no tenants are stated, nobody has said whose queue is whose.
    package func replyQueues(of tenant: Tenant) -> ReplyQueues {
        guard !tenants.isEmpty else { return .any }
        return tenants[tenant]?.replyQueues.map(ReplyQueues.named) ?? .ofTenant(tenant)
    }

    /// Why answers to a tenant's messages may not go to that queue; nil: they may. Its name is the sender's and is not
    /// shown.
    package func objection(toReplyQueue queue: String, of tenant: Tenant) -> String? {
        guard !replyQueues(of: tenant).allows(queue) else { return nil }
        guard tenants[tenant] != nil else {
            return
                "the site file has no tenant \(tenant), and the property reply_to names a queue that is not \(tenant).*: add the tenant to the site file, or correct the routing key"
        }
        return
            "the property reply_to names a queue that is not this tenant's, expected one of tenants.\(tenant).reply-queues in the site file (without it: \(tenant).*)"
    }

    private func checkReferences() throws {
        for (name, policy) in tenants.sorted(by: { $0.key < $1.key }) {
            guard Tenant(named: name.rawValue) != nil else {
                throw SiteError("tenants", is: "naming '\(name)'", expected: "names of \(Tenant.rule)")
            }
            for (key, used) in [("pull-from", policy.sources), ("deliver-to", policy.destinations)] {
                for node in used where nodes[node] == nil {
                    throw SiteError(
                        "tenants.\(name).\(key)", is: "naming '\(node)'",
                        expected: "one of the nodes: \(nodes.keys.sorted().joined(separator: ", "))")
                }
            }
        }
        for caller in listener?.callers ?? [] where tenants[caller.tenant] == nil {
            throw SiteError(
                "listener.callers", is: "giving \(caller.title) the tenant '\(caller.tenant)'",
                expected: "one that stands under tenants")
        }
        for (name, policy) in tenants.sorted(by: { $0.key < $1.key }) {
            for source in policy.sources { try checkMove(source, of: name) }
        }
        for (name, node) in nodes where node.usesMove && listener == nil {
            throw SiteError(
                "nodes.\(name).retrieve", is: "move", expected: "a listener in this file: C-MOVE sends the study to it")
        }
        try checkSecrets()
    }

    private func checkSecrets() throws {
        if let name = tenants.filter({ $0.value.deidentification.profile != .none }).keys.min() {
            let need = "tenants.\(name).de-identification removes identities"
            if secretFile == nil { throw SiteError.withoutSecret(need) }
            if custodyKeys == nil { throw SiteError.without("custody-keys", need) }
        }
        guard secretFile == nil, listener != nil || !nodes.isEmpty else { return }
        throw SiteError.withoutSecret(
            "\(listener == nil ? "nodes" : "listener") lets studies come or results go, and the database names them by keyed pseudonyms of their UIDs"
        )
    }

    /// What an archive moves to the listener belongs to the tenant of the archive's title, so only that tenant may have
    /// it moved.
    private func checkMove(_ source: String, of tenant: Tenant) throws {
        guard case .dimse(let node) = nodes[source], node.retrieval == .move, let listener else { return }
        guard listener.callers.contains(where: { $0.title == node.title && $0.tenant == tenant }) else {
            throw SiteError(
                "tenants.\(tenant).pull-from", is: "naming '\(source)', which retrieves by move",
                expected: "\(node.title) under listener.callers with the tenant \(tenant), or retrieve: get")
        }
    }
}
