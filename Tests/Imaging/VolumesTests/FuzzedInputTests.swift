import Faults
import TestSupport
import Testing
import Volumes

/// Files that fuzzing found or that were made to break the reader (Fuzzing/hostile-inputs.py): they end as their names
/// say.
@Suite struct FuzzedInputTests {
    @Test(arguments: HostileInput.all(of: "nifti"))
    func endsAsItsNameSays(input: HostileInput) {
        let outcome = input.outcome(
            { input in
                _ = try NIfTI.readImage(input.file)
            }, code: { (error: VolumeError) in error.code.rawValue })
        #expect(outcome == input.outcome)
    }
}
