import Synchronization
import TensorCore
import Testing
import Threads

@Suite struct ScratchTests {
    @Test func scratchIsAlignedAndAsLargeAsAsked() {
        let pool = ComputePool(threads: 2)
        let misaligned = Atomic<Int>(0)
        pool.forEach(count: 16, scratch: 4096) { index, working in
            if UInt(bitPattern: working) % 64 != 0 { misaligned.add(1, ordering: .relaxed) }
            for position in 0..<4096 { working[position] = Float(index) }
        }
        #expect(misaligned.load(ordering: .relaxed) == 0)
    }
}
