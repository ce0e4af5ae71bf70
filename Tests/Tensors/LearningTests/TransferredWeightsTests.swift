import Faults
import Learning
import Networks
import Plans
import TensorCore
import Testing

@Suite struct TransferredWeightsTests {
    private func plan(_ labelSet: String, classes: Int, filters: Int = 8) -> Plan {
        var plan = Plan()
        plan.labelSet = labelSet
        plan.patch = [16, 16, 16]
        plan.network = .segResNet(
            SegResNet.Configuration(
                outputChannels: classes, initialFilters: filters, blocksDown: [1, 1], blocksUp: [1]))
        return plan
    }

    private func model(_ plan: Plan) throws -> Model {
        try Model(plan: plan, parameters: Network(configuration: plan.network, seed: 3).parameters)
    }

    @Test func headsAreCarriedOverByTheirLabelsNames() throws {
        let source = try model(plan("spine-24", classes: 25))
        let made = try TransferredWeights(from: source, to: plan("spine-25", classes: 26), seed: 4)
        #expect(made.carried.count == 24 && made.carried.first == "C1" && made.fresh == ["sacrum"])
        let (head, old) = (
            made.parameters["conv_final.2.conv.bias"], source.network.parameters["conv_final.2.conv.bias"]
        )
        #expect(Array(head.values.prefix(25)) == old.values)
        let fresh = Network(configuration: plan("spine-25", classes: 26).network, seed: 4).parameters
        #expect(head.values[25] == fresh["conv_final.2.conv.bias"].values[25])
        #expect(
            made.parameters["convInit.conv.weight"].values == source.network.parameters["convInit.conv.weight"].values)
    }

    /// A plan may have one class more than labels, for other bones, which is written as background.
    @Test(arguments: [(26, 27), (27, 26), (27, 27)])
    func backgroundIsCarriedOverWhateverElseIsWrittenAsIt(from old: Int, to new: Int) throws {
        func plan(_ classes: Int) -> Plan {
            var plan = self.plan("spine-25", classes: classes)
            if classes == 27 { plan.classLabels = Array(0..<26) + [0] }
            return plan
        }
        let source = try model(plan(old))
        let made = try TransferredWeights(from: source, to: plan(new), seed: 4)
        for name in ["conv_final.2.conv.weight", "conv_final.2.conv.bias"] {
            let (before, after) = (source.network.parameters[name].values, made.parameters[name].values)
            let fresh = Network(configuration: plan(new).network, seed: 4).parameters[name].values
            let row = after.count / new
            #expect(Array(after.prefix(26 * row)) == Array(before.prefix(26 * row)))
            #expect(Array(after.dropFirst(26 * row)) == Array((old == new ? before : fresh).dropFirst(26 * row)))
        }
        #expect(made.carried.count == (old == new ? 26 : 25) && !made.carried.contains("background"))
        #expect(made.fresh == (old < new ? ["unlabelled"] : []))
    }

    @Test func ofEqualPlansEveryWeightIsCarriedOver() throws {
        let source = try model(plan("toy", classes: 3))
        let made = try TransferredWeights(from: source, to: plan("toy", classes: 3), seed: 4)
        for name in made.parameters.names {
            #expect(made.parameters[name].values == source.network.parameters[name].values)
        }
    }

    @Test func networksThatDifferInMoreAreRefused() throws {
        let source = try model(plan("spine-25", classes: 26))
        func reason(_ plan: Plan) -> String {
            #expect(throws: LearningError.self) { try TransferredWeights(from: source, to: plan, seed: 1) }?
                .description ?? ""
        }
        #expect(reason(plan("spine-25", classes: 26, filters: 16)).contains("convInit.conv.weight of shape"))
        #expect(reason(plan("toy", classes: 3)).contains("no names to be compared by"))
        let (ensemble, parameters) = (plan("spine-25", classes: 26), source.network.parameters)
        let ofTwo = #expect(throws: LearningError.self) {
            try TransferredWeights(
                from: Model(plan: ensemble, ensemble: [parameters, parameters]), to: ensemble, seed: 1)
        }
        #expect(ofTwo?.description.contains("an ensemble of 2 networks") == true)
        var uNet = plan("spine-25", classes: 26)
        uNet.network = .plainUNet(
            UNetConfiguration(
                inputChannels: 1, features: [8, 8], kernels: [[3, 3, 3], [3, 3, 3]], strides: [[1, 1, 1], [2, 2, 2]],
                classes: 26, repeats: [1, 1], convolutionsPerStageDecoder: [1]))
        #expect(reason(uNet).contains("another network"))
    }
}
