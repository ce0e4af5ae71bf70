import Faults
import Foundation
import Networks
import Plans
import TensorCore
import Testing

@Suite struct ModelFileTests {
    private func model() throws -> Model {
        var plan = Plan()
        plan.network.segResNet?.initialFilters = 8
        return try Model(plan: plan, parameters: Network(configuration: plan.network, seed: 3).parameters)
    }

    @Test func readsBackWhatItWrote() throws {
        let model = try model()
        let data = try ModelFile.data(model, metadata: ["name": "spine"])
        let read = try ModelFile.model(from: data)
        #expect(read.plan == model.plan)
        #expect(try ModelFile.data(read, metadata: ["name": "spine"]) == data)
        #expect(try Safetensors(data: data).metadata["name"] == "spine")
    }

    @Test func roundingHalvesTheWeightsAndKeepsAllElse() throws {
        let model = try model()
        let data = try ModelFile.data(model, metadata: ["name": "spine"])
        let rounded = try ModelFile.rounded(data, to: .float16)
        #expect(rounded.count < data.count * 52 / 100)
        #expect(try ModelFile.metadata(rounded) == ModelFile.metadata(data))
        let read = try ModelFile.model(from: rounded).network.parameters
        for (name, tensor) in model.network.parameters.named {
            let far = zip(tensor.values, read[name].values).map { abs($0 - $1) - max(abs($0) * 0x1p-11, 0x1p-25) }.max()
            #expect(far! <= 0, "\(name)")
        }
    }

    @Test func weightsThatHalvesCannotHoldAreNotRounded() throws {
        let model = try model()
        var weights = model.network.parameters.named
        weights[0].tensor = Tensor(
            Array(repeating: 70000, count: weights[0].tensor.count), shape: weights[0].tensor.shape)
        let data = try ModelFile.data(Model(plan: model.plan, parameters: Parameters(named: weights)))
        let error = #expect(throws: PlanError.self) { try ModelFile.rounded(data, to: .float16) }
        #expect(error?.code == .unreadableModel && error?.description.contains(weights[0].name) == true)
    }

    @Test func refusesWeightsWithoutAPlan() throws {
        let data = Safetensors.serialized(try model().network.parameters.named)
        let error = #expect(throws: PlanError.self) { try ModelFile.model(from: data) }
        #expect(error?.code == .unreadableModel)
    }

    /// A worker leaves what it cannot read to a newer one; a value that is out of range no worker can take.
    @Test func aPlanOfANewerProgramIsToldFromAWrongOne() throws {
        let weights = try model().network.parameters.named
        for (plan, code) in [
            ("{\"warmth\": 1}", PlanErrorCode.unreadablePlan), ("{\"schemaVersion\": 99}", .unreadablePlan),
            ("{\"intensities\": {\"scheme\": \"newest\"}}", .unreadablePlan),
            ("{\"spacingInMillimetres\": [0, 1, 1]}", .invalidPlan),
        ] {
            let data = Safetensors.serialized(weights, metadata: ["plan": plan])
            let error = #expect(throws: PlanError.self) { try ModelFile.model(from: data) }
            #expect(error?.code == code, "\(plan)")
        }
    }

    @Test func refusesWeightsOfAnotherNetwork() throws {
        var plan = Plan()
        plan.network.segResNet?.initialFilters = 16
        let parameters = try model().network.parameters
        #expect(throws: TensorError.self) { try Model(plan: plan, parameters: parameters) }
    }
}
