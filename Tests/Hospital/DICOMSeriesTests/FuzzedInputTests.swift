import DICOMSeries
import Faults
import TestSupport
import Testing

/// Files that fuzzing found or that were made to break the reader (Fuzzing/hostile-inputs.py): they end as their names
/// say.
@Suite struct FuzzedInputTests {
    @Test(arguments: HostileInput.all(of: "dicom"))
    func endsAsItsNameSays(input: HostileInput) {
        let outcome = input.outcome(
            { input in
                _ = try DICOMReader.readSeries(at: input.file)
            }, code: { (error: DICOMError) in error.code.rawValue })
        #expect(outcome == input.outcome)
    }
}
