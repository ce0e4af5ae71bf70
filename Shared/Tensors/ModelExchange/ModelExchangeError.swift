package import Faults

/// Why a model cannot be brought in from, or given to, another program. Equal by code; names no path.
package typealias ModelExchangeError = CodedFault<ModelExchangeErrorCode>

package enum ModelExchangeErrorCode: String, FaultCode {
    /// Nothing that can be imported.
    case unknownFormat = "unknown-format"
    /// The file leaves something open that whoever imports it must say.
    case undecided
    /// The model asks for something Columna does not do, or the other program has no word for something in its
    /// plan.
    case unsupported

    package var blame: Blame { .input }
}
