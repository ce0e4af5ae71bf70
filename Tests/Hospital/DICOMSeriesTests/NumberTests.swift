import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Numbers written as text are read whole or not at all (PS3.5, 6.2).
struct NumberTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ change: (inout MadeObject) -> Void) throws -> DICOMSeries {
        var object = MadeObject(instance: 1, position: SIMD3(-100, -120.5, 52.5))
        change(&object)
        try object.write(to: folder.file("object"))
        return try DICOMReader.readSeries(at: folder.file("object"))
    }

    private func error(_ change: (inout MadeObject) -> Void) -> DICOMError? {
        do {
            _ = try read(change)
            return nil
        } catch { return error as? DICOMError }
    }

    /// fo-dicom/fo-dicom#1296, fo-dicom/fo-dicom#1915, dcmjs-org/dcmjs#287: some writers print numbers as their country
    /// does.
    @Test(arguments: [
        "-100,0\\-120,5\\52,5", "-100\\-120,50\\+52.5", " -100 \\ -1.205E+02\\5.25e1", "-1,00D+02\\-1.205d2\\0.525D2",
        "-100.\\-120.5\\000052.5", "-100\\-120.5\\52.5\\", "-100\\-120.5\\52.5\\ ",
    ])
    func decimalsThatCanOnlyMeanOneNumberAreRead(text: String) throws {
        let series = try read { $0.text(0x0020_0032, "DS", text) }
        #expect(series.geometry.affine.origin == SIMD3(100, 120.5, 52.5))
    }

    @Test(arguments: [
        "-100\\-120.5\\52.5mm", "-100\\-120.5\\5 2", "-100\\-120.5\\0x34", "-100\\-120.5\\nan", "-100\\-120.5\\inf",
        "-100\\-120.5\\52.5.1", "-100\\-120.5\\5,2,5", "-100\\-120.5\\1.052,5", "-100\\-120.5\\1e",
        "-100\\-120.5\\1e999",
        "-100\\-120.5\\--5", "-100\\-120.5\\.", "-100\\-120,\\5", "x\\y\\z", "-100\\-120.5\\52.5 1",
    ])
    func whatIsNoNumberIsRefusedByItsName(text: String) throws {
        let error = try #require(error { $0.text(0x0020_0032, "DS", text) })
        #expect(error.code == .invalidAttribute)
        #expect(error.description.contains("ImagePositionPatient (0020,0032) cannot be read"))
    }

    /// Thousands, or thousandths?
    @Test(arguments: ["1,024", "-1,024", "52,500"]) func commaBeforeThreeDigitsIsAmbiguous(text: String) throws {
        let error = try #require(error { $0.text(0x0028_1052, "DS", text) })
        #expect(
            error.description.contains(
                "RescaleIntercept (0028,1052) cannot be read: expected decimals such as 0.5 or -100, got \(text)"))
        #expect(try read { $0.text(0x0028_0030, "DS", "0,750\\0,500") }.geometry.spacingInMillimetres[1] == 0.75)
    }

    /// cornerstonejs/cornerstoneWADOImageLoader#28
    @Test(arguments: ["0.75\\0.5\\", "0.75\\0.5\\\\", "\\0.75\\0.5"]) func emptyValuesTooManyAreLeftOut(text: String)
        throws
    {
        let spacing = try read { $0.text(0x0028_0030, "DS", text) }.geometry.spacingInMillimetres
        #expect(spacing[0] == 0.5 && spacing[1] == 0.75)
    }

    @Test(arguments: ["nan\\1", "x\\y", "0.5\\0.5mm"]) func spacingThatIsNoNumberIsNamed(text: String) throws {
        let error = try #require(error { $0.text(0x0028_0030, "DS", text) })
        #expect(error.code == .invalidAttribute)
        #expect(error.description.contains("PixelSpacing (0028,0030)"))
    }

    /// fo-dicom/fo-dicom#1296
    @Test func slopeWithACommaIsReadWhole() throws {
        let plain = try read { _ in }.volume.voxels
        #expect(try read { $0.text(0x0028_1053, "DS", "1,5") }.volume.voxels == plain.map { $0 * 1.5 })
        #expect(try read { $0.text(0x0028_1053, "DS", "7.5D-01") }.volume.voxels == plain.map { $0 * 0.75 })
    }

    @Test(arguments: [(0x0028_1053, "RescaleSlope"), (0x0028_1052, "RescaleIntercept")] as [(UInt32, String)])
    func rescaleThatCannotBeReadIsRefused(tag: UInt32, name: String) throws {
        for text in ["", " ", "one", "1\\2", "1;5"] {
            let error = try #require(error { $0.text(tag, "DS", text) })
            #expect([.invalidAttribute].contains(error.code) && error.description.contains(name), "\(text): \(error)")
        }
        let error = try #require(error { $0.remove(tag) })
        #expect(error.code == .missingAttribute && error.description.contains(name))
    }

    /// The same in functional groups.
    @Test func decimalsOfFramesAreReadWholeOrRefused() throws {
        func enhanced(_ change: (inout MadeObject) -> Void) throws -> DICOMSeries {
            let frames = (0..<3).map { index in
                var frame = MadeObject(instance: index + 1, position: SIMD3(0, 0, 2.5 * Double(index)))
                if index == 1 { change(&frame) }
                return frame
            }
            try MadeObject.enhanced(frames).write(to: folder.file("enhanced"))
            return try DICOMReader.readSeries(at: folder.file("enhanced"))
        }
        #expect(try enhanced { $0.text(0x0020_0032, "DS", "0\\0,0\\2,5") }.geometry.spacingInMillimetres[2] == 2.5)
        #expect(throws: DICOMError(.invalidAttribute, "")) {
            try enhanced { $0.text(0x0020_0032, "DS", "0\\0\\2.5mm") }
        }
        #expect(throws: DICOMError(.invalidAttribute, "")) { try enhanced { $0.text(0x0028_1053, "DS", "") } }
        #expect(throws: DICOMError(.missingAttribute, "")) { try enhanced { $0.remove(0x0028_1053) } }
    }

    /// rordenlab/dcm2niix#973
    @Test func someSlicesWithoutRescaleAreRefused() throws {
        for index in 0..<3 {
            var slice = MadeObject(instance: index + 1, position: SIMD3(0, 0, 2 * Double(index)))
            if index == 1 { [0x0028_1052, 0x0028_1053].forEach { slice.remove($0) } }
            try slice.write(to: folder.file("\(index)"))
        }
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .missingAttribute)
        #expect(
            error.description.contains("1 of 3 slices lack RescaleSlope (0028,1053) and RescaleIntercept (0028,1052)"))
    }

    @Test(
        arguments: [
            (0x0028_0103, "PixelRepresentation"), (0x0028_0100, "BitsAllocated"), (0x0028_0101, "BitsStored"),
            (0x0028_0102, "HighBit"),
            (0x0028_0002, "SamplesPerPixel"), (0x0028_0010, "Rows"),
        ] as [(UInt32, String)])
    func whatThePixelsAreMustBeReadable(tag: UInt32, name: String) throws {
        for value in [[UInt8](), Array("many".utf8), Array("1\\2 ".utf8), Array("15.5".utf8)] {
            let error = try #require(error { $0.bytes(tag, "LO", value) })
            #expect(error.code == .invalidAttribute && error.description.contains(name), "\(error)")
        }
    }

    @Test func missingSignIsRefused() throws {
        let error = try #require(error { $0.remove(0x0028_0103) })
        #expect(error.description.contains("PixelRepresentation (0028,0103) is missing"))
    }

    /// pydicom/pydicom#1844
    @Test func noFramesMeanOne() throws {
        let plain = try read { _ in }.volume
        #expect(try read { $0.text(0x0028_0008, "IS", "0") }.volume == plain)
        #expect(try read { $0.text(0x0028_0008, "IS", "") }.volume == plain)
    }
}
