import Archives
import Faults
import Testing

/// By zlib's codes (zlib.h), most of which no file brings about.
@Suite struct GzipReaderTests {
    private static let (ended, failedDisk, damaged, noMemory, cut): (Int32, Int32, Int32, Int32, Int32) =
        (1, -1, -3, -4, -5)

    @Test(arguments: [(failedDisk, Blame.machine), (noMemory, .machine), (damaged, .input), (cut, .input)])
    func aMachineWithoutMemoryIsNoFaultOfTheFile(_ code: Int32, _ blame: Blame) {
        #expect(GzipReader.failure(code)?.blame == blame)
    }

    @Test(arguments: [0, ended]) func whatWasReadToItsEndIsNoFailure(_ code: Int32) {
        #expect(GzipReader.failure(code) == nil)
    }
}
