import Anatomy
import Testing

struct AnatomicalCodesTests {
    /// From pydicom 3.0's dictionary of DICOM PS3.16 (CID 7603, CID 4), and its table of SNOMED RT identifiers.
    @Test(arguments: [
        ("C1", "14806007", "T-11610"), ("C2", "39976000", "T-11620"), ("C7", "87391001", "T-11670"),
        ("T1", "64864005", "T-11710"),
        ("T4", "73071006", "T-11740"), ("T10", "7610001", "T-117A0"), ("T12", "23215003", "T-117C0"),
        ("L1", "66794005", "T-11910"),
        ("L4", "11994002", "T-11940"), ("L5", "49668003", "T-11950"), ("sacrum", "54735007", "T-11AD0"),
    ])
    func codesAreThoseOfTheStandard(_ name: String, _ current: String, _ old: String) {
        #expect(AnatomicalCodes.concept(of: name)?.value == current)
        #expect(AnatomicalCodes.name(of: CodedConcept(scheme: "SRT", value: old, meaning: "")) == name)
    }

    @Test func everyLabelHasACodeOfItsOwn() {
        let concepts = LabelSet.spine25.labels.compactMap { AnatomicalCodes.concept(of: $0.name) }
        #expect(Set(concepts.map(\.value)).count == 25)
        #expect(concepts.compactMap(AnatomicalCodes.name) == LabelSet.spine25.labels.map(\.name))
        #expect(AnatomicalCodes.concept(of: "L6") == nil)
        #expect(AnatomicalCodes.name(of: CodedConcept(scheme: "DCM", value: "14806007", meaning: "")) == nil)
    }

    /// Bruce Lindbloom's CIE colour calculator: sRGB under D65, adapted to D50 by Bradford's method.
    @Test(arguments: [
        ((255, 255, 255), (100.0, 0.0, 0.0)), ((255, 0, 0), (54.29, 80.81, 69.89)),
        ((0, 255, 0), (87.82, -79.29, 80.99)),
        ((0, 0, 255), (29.57, 68.30, -112.03)), ((128, 128, 128), (53.59, 0.0, 0.0)),
    ])
    func coloursAreThoseOfTheConnectionSpace(_ colour: (UInt8, UInt8, UInt8), _ expected: (Double, Double, Double)) {
        let lab = Colour(red: colour.0, green: colour.1, blue: colour.2).cieLab
        #expect(abs(lab.lightness - expected.0) < 0.02)
        #expect(abs(lab.a - expected.1) < 0.02)
        #expect(abs(lab.b - expected.2) < 0.02)
    }

    @Test func displayColoursComeBack() {
        for label in LabelSet.spine25.labels { #expect(Colour(dicomCIELab: label.colour.dicomCIELab) == label.colour) }
        #expect(Colour(red: 255, green: 255, blue: 255).dicomCIELab == [65535, 32896, 32896])
    }
}
