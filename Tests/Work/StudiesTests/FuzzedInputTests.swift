import Foundation
import Messaging
import Studies
import TestSupport
import Testing

/// Files that fuzzing found or that were made to break the reader (Fuzzing/hostile-inputs.py): they end as their names
/// say.
@Suite struct FuzzedInputTests {
    @Test(arguments: HostileInput.all(of: "message"))
    func endsAsItsNameSays(input: HostileInput) {
        let outcome = input.outcome(
            { input in
                let body = [UInt8](try Data(contentsOf: input.file))
                _ = try IntakeDecoder.decode(body: body, routingKey: "study.submitted.hospital", MessageProperties())
            }, code: { (error: ContractError) in error.code.rawValue })
        #expect(outcome == input.outcome)
    }
}
