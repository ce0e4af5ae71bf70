import DICOMDictionary
package import Foundation

extension RemoteNode {
    /// Fetches a study or one of its series over the same association, by C-GET. Blocks.
    ///
    /// CT objects are taken in whatever transfer syntax the node has them; other classes in the one it prefers.
    /// - Parameters:
    ///   - folder: where objects are written as they arrive; each file is removed after `receive` returns, unless it
    ///     was moved away.
    ///   - isCancelled: looked at between objects.
    ///   - receive: called on this thread for each object.
    /// - Throws: `DIMSEError`; `cancelled`; `refusedByPeer` when the node refuses as a whole. Objects that failed are
    ///   counted.
    package func get(
        study: String, series: String? = nil, into folder: URL, largestInstanceInBytes: Int = 4 << 30,
        isCancelled: () -> Bool = { false },
        progress: (Retrieval) -> Void = { _ in }, receive: (ReceivedInstance) -> StoreStatus
    ) throws(DIMSEError) -> Retrieval {
        let association = try Association(self, Self.retrievalProposals)
        let keys = QueryKeys(level: series == nil ? .study : .series, study: study, series: series)
        let result = try association.get(
            keys, folder: folder.path, largestInstanceInBytes: largestInstanceInBytes, isCancelled: isCancelled,
            progress: progress
        ) { instance in
            var instance = instance
            (instance.callingTitle, instance.calledTitle, instance.peerAddress) = (
                entity.title, callingTitle, entity.host
            )
            return receive(instance)
        }
        association.release()
        return result
    }

    /// Has the node send a study or one of its series to another node, by C-MOVE: to ourselves, when `title` is the one
    /// under which it knows our provider. Blocks until everything was sent.
    ///
    /// - Throws: `DIMSEError` as `get`; `refusedByPeer` with status A801 when it does not know the title.
    package func move(
        study: String, series: String? = nil, to title: String, isCancelled: () -> Bool = { false },
        progress: (Retrieval) -> Void = { _ in }
    ) throws(DIMSEError) -> Retrieval {
        let destination = try ApplicationEntity.checkedTitle(title)
        let association = try Association(self, [Proposal(SOPClass.move, [TransferSyntax.implicitLittleEndian])])
        let keys = QueryKeys(level: series == nil ? .study : .series, study: study, series: series)
        let result = try association.move(keys, to: destination, isCancelled: isCancelled, progress: progress)
        association.release()
        return result
    }

    /// One context per class and transfer syntax lets a node send what it has without recoding; there is room for that
    /// with CT.
    static let retrievalProposals: [Proposal] = {
        let syntaxes = TransferSyntax.offered
        var proposals = [Proposal(SOPClass.get, [TransferSyntax.implicitLittleEndian])]
        for sopClass in SOPClass.computedTomography {
            proposals += syntaxes.map { Proposal(sopClass, [$0], isAsProvider: true) }
        }
        let others = DIMSELibrary.commonStorageClasses.filter {
            !SOPClass.computedTomography.contains($0) && $0 != SOPClass.segmentation
        }
        proposals += ([SOPClass.segmentation] + others).map { Proposal($0, syntaxes, isAsProvider: true) }
        return Array(proposals.prefix(128))
    }()
}
