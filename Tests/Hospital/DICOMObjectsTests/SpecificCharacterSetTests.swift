import DICOMObjects
import Testing

/// The examples of PS3.5, annexes H to K, and names as writers spell them.
struct SpecificCharacterSetTests {
    /// The bytes of a text in which ESC is `␛` and every other character is of Latin-1.
    private static func bytes(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { $0 == "␛" ? 0x1b : UInt8($0.value) }
    }

    /// suyashkumar/dicom#218, fo-dicom/fo-dicom#1785
    @Test(arguments: [
        (
            "\\ISO 2022 IR 87", "Yamada^Tarou=␛$B;3ED␛(B^␛$BB@O:␛(B=␛$B$d$^$@␛(B^␛$B$?$m$&␛(B",
            "Yamada^Tarou=山田^太郎=やまだ^たろう"
        ),
        (
            "ISO 2022 IR 13\\ISO 2022 IR 87", "ÔÏÀÞ^ÀÛ³=␛$B;3ED␛(J^␛$BB@O:␛(J=␛$B$d$^$@␛(J^␛$B$?$m$&␛(J",
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"
        ),
        ("\\ISO 2022 IR 149", "Hong^Gildong=␛$)Cûó^␛$)CÑÎÔ×=␛$)CÈ«^␛$)C±æµ¿", "Hong^Gildong=洪^吉洞=홍^길동"),
        ("\\ISO 2022 IR 149", "Hong^Gildong=ûó^ÑÎÔ×=È«^±æµ¿", "Hong^Gildong=洪^吉洞=홍^길동"),
        ("\\ISO 2022 IR 58", "Zhang^XiaoDong=␛$)AÕÅ^␛$)AÐ¡¶«=", "Zhang^XiaoDong=张^小东="),
        ("GB18030", "Wang^XiaoDong=Íõ^Ð¡¶«=", "Wang^XiaoDong=王^小东="),
        ("GBK", "Wang^XiaoDong=Íõ^Ð¡¶«=", "Wang^XiaoDong=王^小东="),
        ("\\ISO 2022 IR 87\\ISO 2022 IR 159", "␛$(D0!␛(B^␛$B;3␛(B", "丂^山"),
        ("ISO_IR 13", "ÔÏÀÞ^ÀÛ³", "ﾔﾏﾀﾞ^ﾀﾛｳ"),
        ("ISO 2022 IR 100\\ISO 2022 IR 144", "Müller^␛-LÎÒÐÝ\\Jürgen", "Müller^Юван\\Jürgen"),
        ("ISO_IR 144", "ÎÒÐÝ", "Юван"), ("ISO_IR 166", "¡¢", "กข"), ("ISO_IR 203", "¤", "€"),
        ("", "␛$B;3ED␛(B", "山田"),
    ]) func textsAreOfTheirSets(set: String, text: String, expected: String) {
        #expect(SpecificCharacterSet(set).text(Self.bytes(text)) == expected)
    }

    /// pydicom/pynetdicom#201
    @Test(arguments: [
        "ISO_IR 192", "ISO IR 192", "ISO-IR 192", "ISO_IR_192", "iso_ir 192", "ISO 2022 IR 192", "UTF-8", "utf8", "",
        "ISO_IR 6",
    ]) func misspeltSetsAreWhatTheyMean(set: String) {
        #expect(SpecificCharacterSet(set).text(Array("Müller^Jürgen".utf8)) == "Müller^Jürgen")
    }

    @Test(arguments: [
        "ISO_IR 100", "ISO-IR 100", "ISO_IR100", "ISO IR 100", "ISO_IR_100", "ISO 2022 IR 100", "ISO_2022_IR_100",
        "ISO 8859-1", "latin1", "ISO2022IR100\\ISO 2022 IR 87",
    ])
    func misspeltSetsOfOneByteAreWhatTheyMean(set: String) {
        #expect(SpecificCharacterSet(set).text(Self.bytes("Müller^Jürgen")) == "Müller^Jürgen")
    }

    @Test(arguments: [
        ("ISO_IR 192", "Müller"), ("", "Müller"), ("ISO_IR 6", "Müller"), ("ISO_IR 999", "Müller"),
        ("MADE UP", "Müller"), ("ISO_IR 100", "a\u{91}b"),
        ("\\ISO 2022 IR 87", "␛$B;3E␛(B"), ("ISO_IR 100", "␛$Zab"), ("\\ISO 2022 IR 149", "È"), ("ISO_IR 13", "\u{ff}"),
    ]) func bytesOfNoSetAreNoText(set: String, text: String) {
        #expect(SpecificCharacterSet(set).text(Self.bytes(text)) == nil)
    }

    @Test func plainTextIsOfAnySet() {
        #expect(SpecificCharacterSet("MADE UP").text(Array("Mueller".utf8)) == "Mueller")
    }
}
