import Foundation
import Learning
import Testing

@Suite struct ScheduleTests {
    @Test func nnUNetsRateFallsByWholeEpochs() {
        var recipe = Recipe()
        (recipe.epochs, recipe.learningRate, recipe.schedule) = (1000, 0.01, .polynomialByEpoch)
        for (epoch, truth) in zip([0, 1, 500, 999], TrainingOracle.shared.poly) {
            for step in [0, 249] {
                #expect(abs(recipe.learningRate(atStep: epoch * 250 + step, of: 250_000) - truth) < 1e-15)
            }
        }
    }

    @Test func theRateWarmsUpAndFallsAlongHalfACosine() {
        var recipe = Recipe()
        (recipe.epochs, recipe.learningRate, recipe.schedule, recipe.warmupEpochs) = (10, 0.1, .cosine, 2)
        let rates = (0..<100).map { recipe.learningRate(atStep: $0, of: 100) }
        #expect(abs(rates[0] - 0.1 / 20) < 1e-12 && abs(rates[19] - 0.1) < 1e-12 && rates[20] == 0.1)
        #expect(abs(rates[60] - 0.05) < 1e-12)
        #expect(zip(rates[20...], rates[21...]).allSatisfy { $0 > $1 } && rates[99] < 1e-4)
    }

    @Test(arguments: [
        ("encoder.stem", "encoder.stem", true), ("encoder.*", "encoder.stem", true), ("*.bias", "a.b.bias", true),
        ("*", "x", true), ("encoder.*.weight", "encoder.stages.0.weight", true), ("encoder", "encoder.stem", false),
        ("encoder.*.weight", "encoder.weight", false), ("*norm*", "a.norm1.weight", true), ("", "a", false),
    ])
    func patternsNameParameters(pattern: String, name: String, matches: Bool) {
        #expect(NamePattern(pattern).matches(name) == matches)
    }

    @Test func theLongestPatternThatFitsSaysTheRate() {
        var recipe = Recipe()
        recipe.rateFactors = ["*": 0.1, "decoder.*": 0.5, "decoder.seg*": 2]
        recipe.frozen = ["encoder.stem*"]
        #expect(recipe.rateFactor(of: "encoder.stem.conv") == 0)
        #expect(recipe.rateFactor(of: "encoder.stages.0") == 0.1)
        #expect(recipe.rateFactor(of: "decoder.up") == 0.5)
        #expect(recipe.rateFactor(of: "decoder.seg_layers.1") == 2)
    }

    @Test func cropsBeginWhereNNUNetLetsThem() {
        for row in TrainingOracle.shared.overhang {
            let bounds = CropSampler.overhang(size: row[0], source: row[1], final: row[2])
            #expect(bounds == row[3]...row[4], "\(row)")
        }
    }
}
