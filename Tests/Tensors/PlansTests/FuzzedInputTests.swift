import Faults
import Foundation
import Plans
import TestSupport
import Testing

/// Files that fuzzing found or that were made to break the reader (Fuzzing/hostile-inputs.py): they end as their names
/// say.
@Suite struct FuzzedInputTests {
    @Test(arguments: HostileInput.all(of: "plan"))
    func endsAsItsNameSays(input: HostileInput) {
        let outcome = input.outcome(
            { input in
                _ = try Plan(json: Data(contentsOf: input.file))
            }, code: { (error: PlanError) in error.code.rawValue })
        #expect(outcome == input.outcome)
    }
}
