import DICOMDictionary

extension UniqueIdentifier {
    /// Of the form 2.25.<128-bit number> (PS3.5, B.2), the same for the same seed and purpose.
    static func make(seed: UInt64, purpose: UInt64) -> String {
        let high = mixed(seed ^ mixed(purpose))
        let low = mixed(high ^ seed &+ purpose)
        return "2.25.\(UInt128(high) << 64 | UInt128(low))"
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }
}
