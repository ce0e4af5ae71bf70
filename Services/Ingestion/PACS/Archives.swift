import Foundation
import JobEngine
import Site

/// The archives that the site file names.
struct Archives: Sendable {
    let site: Site

    /// Our title towards archives: the listener's.
    var title: String { site.listener?.title ?? "COLUMNA" }

    /// What jobs that need the archive of that name depend on.
    static func dependency(_ name: String) -> String { "archive:\(name)" }

    /// - Throws: `JobFailure` of class `data` when there is none of that name.
    func archive(_ name: String) throws -> any Archive {
        switch site.nodes[name] {
        case .dimse(let settings): try DIMSEArchive(settings, title: title)
        case .web(let settings): try WebArchive(settings)
        case nil:
            let known = site.nodes.isEmpty ? "and no other" : "only \(site.nodes.keys.sorted().joined(separator: ", "))"
            throw JobFailure(
                class: .data, code: "archive-unknown",
                reason: "the site file has no node '\(name)', \(known): name it under nodes")
        }
    }
}
