package import Foundation

extension RemoteNode {
    /// Sends DICOM files as they are by C-STORE: each in its own transfer syntax, nothing recoded. Failures of single
    /// files do not end the transfer. Blocks.
    ///
    /// - Parameters:
    ///   - isCancelled: looked at between files; those not sent are `cancelled`.
    ///   - progress: after each file.
    /// - Returns: one outcome per file, in order. When the connection breaks, the outcomes of the file under way and of
    ///   all that follow say so: the node may or may not have the former.
    /// - Throws: `DIMSEError` when no association comes about and so nothing was sent.
    package func store(
        _ files: [URL], isCancelled: () -> Bool = { false }, progress: (StoreProgress) -> Void = { _ in }
    ) throws(DIMSEError) -> [StoreOutcome] {
        var transfer = StoreTransfer(files)
        try transfer.run(to: self, isCancelled: isCancelled, progress: progress)
        return transfer.outcomes
    }
}

/// The state of one `store`.
private struct StoreTransfer {
    private struct Item {
        var index: Int
        var header: FileHeader
        var proposal: Proposal { Proposal(header.sopClass, [header.transferSyntax]) }
    }

    private var items: [Item] = []
    private let files: [URL]
    private var results: [StoreOutcome.Result?]
    private var bytes = 0
    private var hasSent = false

    init(_ files: [URL]) {
        self.files = files
        results = files.map { _ in nil }
        for (index, file) in files.enumerated() {
            do throws(DIMSEError) {
                items.append(Item(index: index, header: try DIMSELibrary.readHeader(of: file.path)))
            } catch {
                results[index] = .failed(error)
            }
        }
    }

    var outcomes: [StoreOutcome] {
        zip(files, results).map {
            StoreOutcome(file: $0, result: $1 ?? .failed(DIMSEError(.cancelled, "the file was not sent")))
        }
    }

    /// An association holds 128 presentation contexts, so a very mixed list takes several.
    mutating func run(to node: RemoteNode, isCancelled: () -> Bool, progress: (StoreProgress) -> Void)
        throws(DIMSEError)
    {
        var rest = items[...]
        while !rest.isEmpty, !isCancelled() {
            var proposals: [Proposal] = []
            var known: Set<Proposal> = []
            var count = 0
            for item in rest {
                if known.insert(item.proposal).inserted {
                    guard proposals.count < 128 else { break }
                    proposals.append(item.proposal)
                }
                count += 1
            }
            try send(rest.prefix(count), proposals, to: node, isCancelled: isCancelled, progress: progress)
            rest = rest.dropFirst(count)
        }
    }

    private mutating func send(
        _ items: ArraySlice<Item>, _ proposals: [Proposal], to node: RemoteNode, isCancelled: () -> Bool,
        progress: (StoreProgress) -> Void
    ) throws(DIMSEError) {
        let association: Association
        do throws(DIMSEError) {
            association = try Association(node, proposals)
        } catch {
            // The node is there and takes none of these objects: that is their outcome, as it is when it takes some.
            guard error.code == .notSupported || hasSent else { throw error }
            for item in items { results[item.index] = .failed(error) }
            return
        }
        hasSent = true
        var broken: DIMSEError?
        for item in items where !isCancelled() {
            if let broken {
                results[item.index] = .failed(broken)
                continue
            }
            do throws(DIMSEError) {
                let status = try association.store(files[item.index].path)
                let isStored = status == 0 || status & 0xF000 == 0xB000
                results[item.index] = isStored ? .stored(status: status) : .failed(.refused(status, "C-STORE"))
            } catch {
                results[item.index] = .failed(error)
                if !association.isUsable(after: error) { broken = error }
            }
            bytes += item.header.byteCount
            progress(
                StoreProgress(finishedFiles: results.count { $0 != nil }, totalFiles: files.count, finishedBytes: bytes)
            )
        }
        if broken == nil { association.release() } else { association.abort() }
    }
}
