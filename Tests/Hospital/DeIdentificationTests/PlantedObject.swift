import DICOMObjects
import Foundation

/// CT images that hold an identity wherever one can lie. Every text of it begins with the mark, every identifier with
/// the root.
enum PlantedObject {
    static let mark = "ZZQ"
    static let root = "1.9.8.7.6"
    static let computedTomography = "1.2.840.10008.5.1.4.1.1.2"
    static let birthDate = "19511103"
    static let studyDate = "20210304"

    struct Facts {
        var patient = "\(mark)ID7"
        var name = "\(mark)Muster^Erika"
        var study = "\(root).1"
        var series = "\(root).2"
        var instance = "\(root).3.1"
        var date = PlantedObject.studyDate
        var isExplicit = true
    }

    static func write(_ facts: Facts = Facts(), to file: URL, also more: (inout RawObject) -> Void = { _ in }) throws {
        var object = RawObject()
        object.isExplicit = facts.isExplicit
        head(facts, &object)
        object.sequence(0x0008_1140, [reference("\(root).4.1", facts.isExplicit)], isUndefined: false)
        object.sequence(0x0008_2112, [reference("\(root).4.2", facts.isExplicit)])
        object.sequence(0x0008_9215, [deep(facts, 6)])
        object.text(0x0010_0010, "PN", facts.name)
        object.text(0x0010_0020, "LO", facts.patient)
        object.text(0x0010_0021, "LO", "\(mark)Issuer")
        object.text(0x0010_0030, "DA", birthDate)
        object.text(0x0010_0040, "CS", "F")
        object.text(0x0010_1000, "LO", "\(mark)OTHER")
        object.text(0x0010_1010, "AS", "069Y")
        object.text(0x0010_1040, "LO", "\(mark)Street 1")
        object.text(0x0010_4000, "LT", "\(mark) comment on the patient")
        object.text(0x0018_0015, "CS", "CHEST")
        object.text(0x0018_1000, "LO", "\(mark)SERIAL")
        object.text(0x0018_1030, "LO", "\(mark) protocol for Erika")
        tail(facts, &object)
        more(&object)
        try object.write(to: file, sopClass: computedTomography, instance: facts.instance, preamble: "\(mark) preamble")
        { meta in
            meta.text(0x0002_0016, "AE", "\(mark)AE")
            meta.text(0x0002_0100, "UI", "\(root).9")
            meta.value(0x0002_0102, "OB", Array("\(mark) private information".utf8))
        }
    }

    private static func head(_ facts: Facts, _ object: inout RawObject) {
        object.text(0x0008_0005, "CS", "ISO_IR 100")
        object.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        object.text(0x0008_0012, "DA", facts.date)
        object.text(0x0008_0016, "UI", computedTomography)
        object.text(0x0008_0018, "UI", facts.instance)
        object.text(0x0008_0020, "DA", facts.date)
        object.text(0x0008_0021, "DA", facts.date)
        object.text(0x0008_002a, "DT", facts.date + "101112.5+0100")
        object.text(0x0008_0030, "TM", "101112")
        object.text(0x0008_0050, "SH", "\(mark)ACC")
        object.text(0x0008_0060, "CS", "CT")
        object.text(0x0008_0080, "LO", "\(mark) hospital")
        object.text(0x0008_0090, "PN", "\(mark)Referrer^A")
        object.text(0x0008_1010, "SH", "\(mark)STATION")
        object.text(0x0008_1030, "LO", "\(mark) study of Erika")
        object.text(0x0008_103e, "LO", "\(mark) series")
        object.text(0x0008_1070, "PN", "\(mark)Operator^B\\\(mark)Operator^C")
    }

    private static func tail(_ facts: Facts, _ object: inout RawObject) {
        // Private: a block with a text, bytes, and a sequence with a name in it.
        var inner = RawObject()
        inner.isExplicit = facts.isExplicit
        inner.text(0x0010_0010, "PN", "\(mark)Hidden^D")
        object.text(0x0019_0010, "LO", "\(mark) VENDOR")
        object.text(0x0019_1001, "LO", "\(mark) private text")
        object.value(0x0019_1002, "UN", Array("\(mark) private bytes".utf8))
        object.sequence(0x0019_1003, [inner])
        object.text(0x0020_000d, "UI", facts.study)
        object.text(0x0020_000e, "UI", facts.series)
        object.text(0x0020_0010, "SH", "\(mark)STUDY")
        object.text(0x0020_0052, "UI", "\(root).5")
        object.text(0x0020_4000, "LT", "\(mark) image comment")
        object.value(0x0028_0010, "US", [1, 0])
        object.value(0x0028_0011, "US", [2, 0])
        // A name that calls itself unknown; a sequence that hides as bytes; one, deep, whose length is open.
        object.value(0x0032_1032, "UN", Array("\(mark)Requester^E".utf8))
        object.value(0x0040_0275, "UN", sequenceBytes())
        object.sequence(0x0040_a170, [deep(facts, 12)], representation: facts.isExplicit ? "UN" : "SQ")
        object.text(0x0040_a123, "PN", "\(mark)Observer^F")
        object.value(0x5000_3000, "OW", Array("\(mark) curve".utf8))
        object.value(0x6000_3000, "OW", Array("\(mark) overlay".utf8))
        object.text(0x6000_4000, "LT", "\(mark) overlay comment")
        object.value(0x7fe0_0010, "OW", [1, 2, 3, 4])
        object.value(0xfffc_fffc, "OB", Array("\(mark) trailing".utf8))
    }

    private static func reference(_ instance: String, _ isExplicit: Bool) -> RawObject {
        var item = RawObject()
        item.isExplicit = isExplicit
        item.text(0x0008_1150, "UI", computedTomography)
        item.text(0x0008_1155, "UI", instance)
        return item
    }

    /// Sequences within sequences, at each level a name, an identifier, a date and a private text.
    private static func deep(_ facts: Facts, _ levels: Int) -> RawObject {
        var item = RawObject()
        // What calls itself UN is in implicit little endian within (PS3.5, 6.2.2, note 2).
        item.isExplicit = facts.isExplicit && levels <= 6
        item.text(0x0008_0020, "DA", facts.date)
        item.text(0x0008_1155, "UI", "\(root).7.\(levels)")
        item.text(0x0009_0010, "LO", "\(mark) VENDOR")
        item.text(0x0009_1001, "LO", "\(mark) level \(levels)")
        item.text(0x0010_0010, "PN", "\(mark)Deep^G\(levels)")
        item.text(0x0010_0020, "LO", "\(mark)DEEP\(levels)")
        if levels > 1, levels != 7 {
            item.sequence(0x0040_a168, [deep(facts, levels - 1)], isUndefined: levels.isMultiple(of: 2))
        }
        return item
    }

    private static func sequenceBytes() -> [UInt8] {
        var item = RawObject()
        item.isExplicit = false
        item.text(0x0040_1001, "SH", "\(mark)PROC")
        var sequence = RawObject()
        sequence.isExplicit = false
        sequence.sequence(0x0040_0275, [item], isUndefined: false)
        return Array(sequence.bytes.dropFirst(8))
    }
}
