import Foundation
import Harness
import Plans

/// The plan of a model, which travels as JSON in the model's file.
enum Reader {
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        let plan = try Plan(json: Data(input))
        // What was read must be written and read again as the same plan.
        guard try Plan(json: plan.json()) == plan else { Harness.stop("a plan changed by being written and read") }
    }
}
