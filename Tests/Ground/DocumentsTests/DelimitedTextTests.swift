import Documents
import Testing

@Suite struct DelimitedTextTests {
    @Test(arguments: [",", ";", "\t"]) func theSeparatorIsTheHeaders(separator: String) throws {
        let text = ["image_id\(separator)split", "s0000\(separator)train", "s0001\(separator)"].joined(separator: "\n")
        let table = try DelimitedText(text)
        #expect(table.header == ["image_id", "split"])
        #expect(table.records.map { $0["image_id"] } == ["s0000", "s0001"])
        #expect(table.records.map { $0["split"] } == ["train", nil])
        #expect(table.records.map(\.line) == [2, 3])
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func lineEndsMarksAndEmptyLinesArePassedOver(end: String) throws {
        let table = try DelimitedText("\u{FEFF}a,b\(end)\(end) 1 , 2\(end)")
        #expect(table.header == ["a", "b"])
        #expect(table.records.count == 1 && table.records[0]["a"] == "1" && table.records[0]["b"] == "2")
    }

    @Test func quotedFieldsKeepSeparatorsQuotesAndLineEnds() throws {
        let table = try DelimitedText("a,b\n\"x,\"\"y\"\"\nz\", w \n\" kept \",\"\"\n")
        #expect(table.records[0]["a"] == "x,\"y\"\nz" && table.records[0]["b"] == "w")
        #expect(table.records[1]["a"] == " kept " && table.records[1]["b"] == nil)
        #expect(table.records.map(\.line) == [2, 4])
    }

    @Test(arguments: [
        ("", "line 1: the table is empty, expected a header"),
        ("a,b,a\n", "line 1: the header names 'a' twice, expected every column once"),
        ("a,b\n1,2\n3\n", "line 3: 1 fields, expected 2 as the header has"),
        ("a,b\n1,\"2\n", "line 2: a quoted field does not end, expected another \""),
    ]) func whatIsNoTableSaysWhereAndWhy(text: String, reason: String) {
        let error = #expect(throws: DelimitedTextError.self) { try DelimitedText(text) }
        #expect(error?.description == reason)
    }
}
