import Faults
import TensorCore
import Testing

@Suite struct TensorTests {
    @Test func copiesDoNotSeeLaterWrites() {
        let original = Tensor([1, 2, 3, 4], shape: [2, 2])
        var copy = original
        copy[0] = 9
        copy.withUnsafeMutableBufferPointer { $0[3] = 7 }
        #expect(original.values == [1, 2, 3, 4])
        #expect(copy.values == [9, 2, 3, 7])
    }

    @Test func reshapingKeepsTheOrder() {
        let tensor = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]).reshaped([3, 2])
        #expect(tensor.shape == [3, 2])
        #expect(tensor.values == [1, 2, 3, 4, 5, 6])
    }

    @Test func memoryBeginsOnACacheLine() {
        for count in [1, 7, 1000] {
            Tensor(zeros: [count]).withUnsafeBufferPointer { #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0) }
        }
    }

    @Test func theProcessorOfATestRunIsEnough() throws { try CPU.requireBaseline() }

    @Test func anOldProcessorIsRefusedByName() {
        let error = #expect(throws: TensorError.self) {
            try CPU.requireBaseline(description: "processor : 0\nflags\t\t: fpu sse2 avx bmi2 f16c\n")
        }
        #expect(error?.code == .unsupportedProcessor)
        #expect(error?.description.contains("avx2, fma") == true)
    }
}
