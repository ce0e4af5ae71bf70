import Files
package import Foundation
import Glibc
package import JobEngine

/// The folders that a tenant's studies may be read from. A message names a path; whoever can publish must read neither
/// the whole host through it nor what is another tenant's.
package struct InputRoots: Sendable {
    private let roots: [URL]
    /// As they were named, which may be by links.
    private let named: [URL]
    /// What to do for a folder that is not among them.
    private let remedy: String

    package init(_ roots: [URL], remedy: String) {
        self.roots = roots.map { $0.resolvingSymlinksInPath().standardizedFileURL }
        named = roots.map(\.standardized)
        self.remedy = remedy
    }

    /// What the path names, held open, if it exists and lies inside a root with all symbolic links resolved.
    ///
    /// The path is only asked for its place below a root; it is opened from there by the kernel (openat2,
    /// RESOLVE_BENEATH), so that a link put in its way after the question leads nowhere else.
    /// - Throws: `JobFailure`, mostly of class `data`. The path itself is not in the reason: its name may be a
    ///   patient's.
    package func open(_ path: String, what: String) throws -> HeldInput {
        guard path.hasPrefix("/") else {
            throw JobFailure(
                class: .data, code: "path-relative", reason: "the \(what)'s path is relative, expected an absolute path"
            )
        }
        let resolved = URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL
        guard let root = roots.first(where: { resolved.pathComponents.starts(with: $0.pathComponents) }) else {
            throw isNamedInside(path) ? ledOut(what) : outside(what)
        }
        do {
            return try open(Array(resolved.pathComponents.dropFirst(root.pathComponents.count)), below: root, what)
        } catch let refusal as Place.Refusal {
            throw failure(refusal, what)
        }
    }

    private func open(_ parts: [String], below root: URL, _ what: String) throws -> HeldInput {
        let root = try Place(folder: root.path)
        let place = try parts.isEmpty ? root : root.beneath(parts.joined(separator: "/"))
        // Opening a named pipe or a device would wait for ever.
        guard place.kind == .file || place.kind == .folder else {
            throw JobFailure(
                class: .data, code: "path-not-regular",
                reason: "the \(what)'s path is neither a file nor a folder: submit one that is")
        }
        guard access(place.path, R_OK) == 0 else { throw failure(.notPermitted, what) }
        guard let name = parts.last, place.kind == .file else { return try HeldInput(folder: place) }
        let folder = try parts.count == 1 ? root : root.beneath(parts.dropLast().joined(separator: "/"))
        // A medium's directory stands for its folder.
        return try name.uppercased() == "DICOMDIR"
            ? HeldInput(folder: folder) : HeldInput(file: place, name: name, in: folder)
    }

    /// Whether the path as it is spelt, `..` taken at its word, lies in a root as it was named or as it resolves.
    private func isNamedInside(_ path: String) -> Bool {
        let spelt = URL(filePath: path).standardized.pathComponents
        return (named + roots).contains { spelt.starts(with: $0.pathComponents) }
    }

    private func ledOut(_ what: String) -> JobFailure {
        JobFailure(
            class: .data, code: "path-outside-roots",
            reason:
                "a symbolic link on the \(what)'s path leads out of the allowed input roots: name a path without it, or, where it leads to a folder that may be read, \(remedy)"
        )
    }

    private func outside(_ what: String) -> JobFailure {
        JobFailure(
            class: .data, code: "path-outside-roots",
            reason: "the \(what)'s path lies outside the \(roots.count) allowed input roots: \(remedy)")
    }

    private func failure(_ refusal: Place.Refusal, _ what: String) -> JobFailure {
        switch refusal {
        case .outside: ledOut(what)
        case .missing:
            JobFailure(
                class: .data, code: "path-missing",
                reason: "the \(what)'s path does not exist on this host: mount the folder or submit the right path")
        case .notPermitted:
            JobFailure(
                class: .data, code: "path-not-readable",
                reason: "the \(what)'s path is not readable by this worker: give its user read access")
        case .unsupported:
            JobFailure(
                class: .resource, code: "path-not-confined",
                reason:
                    "this host's kernel cannot keep the \(what)'s path inside its root (openat2, Linux 5.6 and later; some sandboxes forbid it): run columna-ingestion on one that can"
            )
        case .unsteady:
            JobFailure(
                class: .transient, code: "path-unsteady",
                reason:
                    "the \(what)'s path could not be opened just now: its folders were moved, no descriptor was left, or the disk or file server failed"
            )
        }
    }
}

extension Site {
    /// Where a tenant's studies may be read from: what the site file gives it, once the file names tenants at all;
    /// without, the same for all.
    package func inputRoots(of tenant: Tenant, otherwise roots: [URL]) -> InputRoots {
        guard !tenants.isEmpty else {
            return InputRoots(
                roots,
                remedy:
                    "add its folder to COLUMNA_INPUT_ROOTS of columna-ingestion, or on a local stack run: columna local up --input-root FOLDER"
            )
        }
        return InputRoots(
            policy(of: tenant).inputRoots.map { URL(filePath: $0) },
            remedy: "add its folder to tenants.\(tenant).input-roots in the site file")
    }

    /// Tenants of the site file whose messages can name no folder, in order.
    package var tenantsWithoutInputRoots: [Tenant] { tenants.filter(\.value.inputRoots.isEmpty).keys.sorted() }
}
