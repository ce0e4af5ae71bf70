import Faults
import TensorCore
import TestSupport
import Testing

/// Files that fuzzing found or that were made to break the reader (Fuzzing/hostile-inputs.py): they end as their names
/// say.
@Suite struct FuzzedInputTests {
    @Test(arguments: HostileInput.all(of: "safetensors"))
    func endsAsItsNameSays(input: HostileInput) {
        let outcome = input.outcome(
            { input in
                let file = try Safetensors.read(input.file)
                for name in file.names { _ = try file.tensor(name) }
            }, code: { (error: TensorError) in error.code.rawValue })
        #expect(outcome == input.outcome)
    }
}
