import Anatomy
import Testing

struct VertebraNameTests {
    @Test(arguments: [
        ("L1", "L1", false), ("l1", "L1", false), ("T12", "T12", false), ("Th12", "T12", false), ("D07", "T7", false),
        ("L1 vertebra", "L1", true),
        ("vertebra L1", "L1", true), ("Vertebrae_L1", "L1", true), ("vertebrae_C7", "C7", true),
        ("VertebraL1", "L1", true), ("1st lumbar vertebra", "L1", true),
        ("Seventh cervical vertebra", "C7", true), ("Lumbar vertebra 5", "L5", true),
        ("Lumbar vertebra L5", "L5", true), ("thoracic 3", "T3", true),
        ("L-1", "L1", false), ("sacrum", "sacrum", true), ("Os sacrum", "sacrum", true),
    ]) func namesOfOneVertebraAreUnderstood(text: String, name: String, saysVertebra: Bool) throws {
        let parsed = try #require(VertebraName(text))
        #expect(parsed.name == name)
        #expect(parsed.saysVertebra == saysVertebra)
    }

    @Test(arguments: [
        "", "L", "L6", "T13", "C8", "L0", "L1-L2", "L1/L2", "disc L1", "L1 left", "lumbar vertebrae",
        "thoracic vertebra L1", "S1", "Segment 1", "vertebral body L1",
        "L12", "1", "rib 3", "Lesion 1", "L1 nerve",
    ]) func everythingElseIsNoName(text: String) { #expect(VertebraName(text) == nil) }
}
