import Foundation
import JobEngine
import Storage
import Studies
import Testing

extension RunningSystemTests {
    struct StorageVerificationTests {
        /// A medium changes one object: the job of its part says which, the others end well, and once the bytes are
        /// back the same job finds nothing.
        @Test func workersFindADamagedObjectAndAreContentOnceItIsRestored() async throws {
            let system = try await RunningSystem.shared
            let stored = try await system.objects.put(Data("voxels \(UUID())".utf8))
            let file = try #require(system.objects.localFile(stored.address))
            defer { try? FileManager.default.removeItem(at: file) }
            let bytes = try Data(contentsOf: file)
            try replace(file, by: Data(bytes.reversed()))

            var jobs: [JobID] = []
            try await system.withoutWorkers {
                let ordered = try await system.columna(["storage", "verify", "--queue", "--json"])
                #expect(ordered.status == 0, "\(ordered.errors)")
                jobs = try JSONDecoder().decode([String: [JobID]].self, from: Data(ordered.output.utf8))["jobs"] ?? []
                let again = try await system.columna(["storage", "verify", "--queue"])
                #expect(again.status == 1 && again.errors.contains("256 of its 256 jobs are open"), "\(again.errors)")
            }
            #expect(jobs.count == 256)
            var dead: [JobRecord] = []
            for job in jobs {
                let ended = try await system.endedJob(job)
                if ended.state != .succeeded { dead.append(ended) }
            }
            let damaged = try #require(dead.first)
            #expect(dead.count == 1)
            #expect(try VerifyObjects(of: damaged).firstDigits == stored.address.hex.prefix(2))
            #expect(damaged.failure?.code == "objects-damaged")
            #expect(damaged.failure?.reason.contains(stored.address.description) == true)

            try replace(file, by: bytes)
            #expect(try await system.columna(["dead", "replay", damaged.id.description]).status == 0)
            #expect(try await system.endedJob(damaged.id).state == .succeeded)
        }

        private func replace(_ file: URL, by bytes: Data) throws {
            try FileManager.default.removeItem(at: file)
            try bytes.write(to: file)
        }

        @Test func someObjectsAreVerifiedAtOnceAndNotByWorkers() throws {
            let address = "sha256:" + String(repeating: "0", count: 64)
            let refused = try Program.run(["storage", "verify", "--queue", address])
            #expect(refused.status == 64 && refused.errors.contains("--queue verifies all objects"))
        }
    }
}
