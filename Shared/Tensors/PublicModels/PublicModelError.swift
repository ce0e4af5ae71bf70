package import Faults

/// Why a public model cannot be had. Equal by code.
package typealias PublicModelError = CodedFault<PublicModelErrorCode>

package enum PublicModelErrorCode: String, FaultCode {
    /// The catalogue has no model of that name.
    case unknownModel = "unknown-model"
    /// Nobody accepted the licence.
    case licenceNotAccepted = "licence-not-accepted"
    /// The server cannot be reached, or does not answer.
    case unreachable
    /// The server answered with something else than the file.
    case refused
    /// The download ended early; what came is kept.
    case incomplete
    /// The file is not the one that was published: another check sum, or too large.
    case wrongFile = "wrong-file"
    /// The file's outputs are not those of the catalogue's label table.
    case wrongLabels = "wrong-labels"
    /// Of several files one is not there.
    case missingFile = "missing-file"
    /// The operating system refused; its words are in the text.
    case inputOutput = "input-output"

    package var blame: Blame {
        switch self {
        case .unknownModel, .licenceNotAccepted: .request
        case .unreachable, .incomplete, .refused: .passing
        case .wrongFile, .wrongLabels, .missingFile: .input
        case .inputOutput: .machine
        }
    }
}
