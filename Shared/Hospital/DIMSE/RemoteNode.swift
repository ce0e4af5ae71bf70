import DICOMDictionary

/// A DICOM node we talk to. Every method opens an association of its own, blocks the calling thread for as long as the
/// node takes, and ends the association; call them on a thread of your own.
package struct RemoteNode: Sendable, Hashable {
    package var entity: ApplicationEntity
    /// Our title.
    package let callingTitle: String
    /// To connect; whole seconds, and one value per process counts: the latest.
    package var connectTimeout: Duration
    /// Of silence, before the node is given up; whole seconds.
    package var timeout: Duration

    /// - Throws: `DIMSEError.invalidConfiguration`.
    package init(
        _ entity: ApplicationEntity, callingTitle: String, connectTimeout: Duration = .seconds(10),
        timeout: Duration = .seconds(60)
    ) throws(DIMSEError) {
        self.entity = entity
        self.callingTitle = try ApplicationEntity.checkedTitle(callingTitle)
        self.connectTimeout = connectTimeout
        self.timeout = timeout
    }

    /// C-ECHO: whether the node is there and takes us for whom we say.
    ///
    /// - Throws: `DIMSEError`.
    package func echo() throws(DIMSEError) {
        let association = try Association(
            self,
            [
                Proposal(
                    SOPClass.verification, [TransferSyntax.implicitLittleEndian, TransferSyntax.explicitLittleEndian])
            ])
        let status = try association.echo()
        association.release()
        guard status == 0 else { throw .refused(status, "C-ECHO") }
    }
}

/// A presentation context to ask for.
struct Proposal: Sendable, Hashable {
    var abstractSyntax: String
    var transferSyntaxes: [String]
    /// We take what the other sends, as C-GET needs it.
    var isAsProvider: Bool

    init(_ abstractSyntax: String, _ transferSyntaxes: [String], isAsProvider: Bool = false) {
        self.abstractSyntax = abstractSyntax
        self.transferSyntaxes = transferSyntaxes
        self.isAsProvider = isAsProvider
    }
}
