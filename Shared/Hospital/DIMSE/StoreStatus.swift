/// The answer to a C-STORE, PS3.4 B.2.3.
package enum StoreStatus: Sendable, Hashable, CaseIterable {
    /// Only when the object is where a crash or a power cut cannot take it.
    case success
    /// The sender may try again later.
    case outOfResources
    case dataSetDoesNotMatch
    case cannotUnderstand
    case refused

    package var code: UInt16 {
        switch self {
        case .success: 0x0000
        case .outOfResources: 0xA700
        case .dataSetDoesNotMatch: 0xA900
        case .cannotUnderstand: 0xC000
        // Refused: not authorized.
        case .refused: 0x0124
        }
    }
}
