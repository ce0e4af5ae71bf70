import DICOMDictionary
import Statistics

extension UniqueIdentifier {
    /// Of the form 2.25.<128-bit number> (PS3.5, B.2), the same for the same seed and purpose.
    static func make(seed: UInt64, purpose: UInt64) -> String {
        let high = mixed(seed ^ mixed(purpose))
        let low = mixed(high ^ seed &+ purpose)
        return "2.25.\(UInt128(high) << 64 | UInt128(low))"
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var generator = SplitMix64(seed: value)
        return generator.next()
    }
}
