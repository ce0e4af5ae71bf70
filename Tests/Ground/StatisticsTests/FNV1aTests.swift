import Statistics
import Testing

struct FNV1aTests {
    /// The authors' vectors (draft-eastlake-fnv, appendix "64-bit FNV-1a Hash Tests").
    @Test(
        arguments: [
            ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("b", 0xaf63_df4c_8601_f1a5),
            ("foo", 0xdcb2_7518_fed9_d577), ("foobar", 0x8594_4171_f739_67e8),
        ] as [(String, UInt64)])
    func publishedVectorsAreMet(_ text: String, _ hash: UInt64) {
        #expect(FNV1a.hash(text.utf8) == hash)
    }

    @Test func anotherBasisGoesOnFromThere() {
        #expect(FNV1a.hash("bar".utf8, basis: FNV1a.hash("foo".utf8)) == FNV1a.hash("foobar".utf8))
    }
}
