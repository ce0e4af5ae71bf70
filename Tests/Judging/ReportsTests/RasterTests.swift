import Anatomy
import Foundation
import Reports
import Testing

@Suite struct RasterTests {
    @Test func pngHasItsSignatureAndSize() throws {
        let data = try Raster(width: 37, height: 5, colour: Colour(red: 1, green: 2, blue: 3)).png()
        #expect(Array(data.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        // IHDR: width, height, 8 bits, colour type 2 (RGB).
        #expect(Array(data[16..<26]) == [0, 0, 0, 37, 0, 0, 0, 5, 8, 2])
        // Nothing that says when it was made.
        #expect(data.range(of: Data("tIME".utf8)) == nil && data.range(of: Data("IEND".utf8)) != nil)
    }

    @Test func equalPicturesGiveEqualBytes() throws {
        var raster = Raster(width: 60, height: 20)
        raster.draw("T12 L1", x: 2, y: 2, scale: 1, colour: .white, halo: true)
        #expect(try raster.png() == raster.png())
    }

    @Test func drawingOutsideThePictureHasNoEffect() {
        var raster = Raster(width: 4, height: 4)
        raster.fill(x: -10, y: 2, width: 5, height: 5, .white)
        raster.fill(x: 9, y: 9, width: 5, height: 5, .white)
        raster.draw(Raster(width: 3, height: 3, colour: .white), x: 4, y: -3)
        raster[99, 0] = .white
        #expect(raster == Raster(width: 4, height: 4))
        raster.fill(x: 3, y: 3, width: 9, height: 9, .white)
        #expect(raster[3, 3] == .white && raster[2, 3] == .black)
    }

    /// What has no dots of its own is a blank: a negative number would lose its sign.
    @Test(arguments: ["-", "−", "_", "[", "]", "(", "."]) func punctuationOfChartsIsDrawn(text: String) {
        var raster = Raster(width: 5, height: 7)
        raster.draw(text, x: 0, y: 0)
        #expect(raster != Raster(width: 5, height: 7))
    }

    @Test func lettersAreDrawnUpright() {
        var raster = Raster(width: 5, height: 7)
        raster.draw("L", x: 0, y: 0)
        #expect((0..<7).allSatisfy { raster[0, $0] == .white })
        #expect((0..<5).allSatisfy { raster[$0, 6] == .white })
        #expect(raster[4, 0] == .black)
    }
}
