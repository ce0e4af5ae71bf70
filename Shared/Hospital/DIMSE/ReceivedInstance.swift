package import Foundation

/// An object that came over the network, as a DICOM file of its own: the dataset's bytes are those that were sent.
package struct ReceivedInstance: Sendable {
    /// Removed after the handler returns, unless it was moved away.
    package var file: URL
    package var callingTitle: String
    package var calledTitle: String
    /// Numeric for the provider; the host's name for what was asked for.
    package var peerAddress: String
    package var sopClassUID: String
    package var sopInstanceUID: String
    package var transferSyntaxUID: String
    /// Of the file, header included.
    package var byteCount: Int

    package init(
        file: URL, callingTitle: String, calledTitle: String, peerAddress: String, sopClassUID: String,
        sopInstanceUID: String,
        transferSyntaxUID: String, byteCount: Int
    ) {
        self.file = file
        self.callingTitle = callingTitle
        self.calledTitle = calledTitle
        self.peerAddress = peerAddress
        self.sopClassUID = sopClassUID
        self.sopInstanceUID = sopInstanceUID
        self.transferSyntaxUID = transferSyntaxUID
        self.byteCount = byteCount
    }
}
