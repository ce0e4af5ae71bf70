import Foundation
import Synchronization
import Testing
import Threads

@Suite struct ThreadExecutorTests {
    private actor Blocking {
        private let executor = ThreadExecutor(name: "test.actor")
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        func thread() -> UInt { ThreadExecutorTests.thread() }
        func threadName() -> String? { ThreadExecutorTests.threadName() }
    }

    /// Not `pthread_self()`: glibc calls it constant, so it may be asked before the hop to the actor.
    private static func thread() -> UInt { UInt(bitPattern: ObjectIdentifier(Thread.current)) }
    private static func threadName() -> String? { Thread.current.name }

    @Test func anActorStaysOnItsThread() async {
        let actor = Blocking()
        let threads = await withTaskGroup(of: UInt.self) { group in
            for _ in 0..<20 { group.addTask { await actor.thread() } }
            return await group.reduce(into: Set<UInt>()) { $0.insert($1) }
        }
        #expect(threads.count == 1)
        #expect(await actor.threadName() == "test.actor")
    }

    @Test func aTaskComesBackToItsThread() async {
        let actor = Blocking()
        let threads = await withTaskExecutorPreference(ThreadExecutor(name: "test.task")) {
            var threads: Set<UInt> = []
            for _ in 0..<5 {
                threads.insert(Self.thread())
                _ = await actor.thread()
                await Task.yield()
            }
            return threads
        }
        #expect(threads.count == 1)
    }

    @Test func whatWasEnqueuedRunsThoughTheExecutorIsLetGo() async {
        let task = Task(executorPreference: ThreadExecutor(name: "test.let.go")) {
            await Task.yield()
            return Self.threadName()
        }
        #expect(await task.value == "test.let.go")
    }
}
