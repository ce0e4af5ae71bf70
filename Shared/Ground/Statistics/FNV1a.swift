/// FNV-1a of 64 bits (Fowler, Noll and Vo; draft-eastlake-fnv): a short number that is the same for the same bytes on
/// every machine and in every version. Everything here that needs one takes this.
///
/// Not cryptographic: whoever wants two texts of one number makes them, and whoever guesses a text can tell that the
/// number is its. It marks, shortens and draws; what must hide or seal takes `HMACSHA256`.
package enum FNV1a {
    /// The standard's basis; another one gives other numbers to the same bytes.
    package static let basis: UInt64 = 0xcbf2_9ce4_8422_2325

    package static func hash(_ bytes: some Sequence<UInt8>, basis: UInt64 = basis) -> UInt64 {
        bytes.reduce(basis) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
