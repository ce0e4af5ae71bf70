import Faults
import PyTorchFiles
import TestSupport
import Testing

/// Files that fuzzing found or that were made to break the reader (Fuzzing/hostile-inputs.py): they end as their names
/// say.
@Suite struct FuzzedInputTests {
    @Test(arguments: HostileInput.all(of: "pytorch"))
    func endsAsItsNameSays(input: HostileInput) {
        let outcome = input.outcome(
            { input in
                _ = try StateDictionary(PyTorchFile.read(input.file)).tensors()
            }, code: { (error: PyTorchFileError) in error.code.rawValue })
        #expect(outcome == input.outcome)
    }
}
