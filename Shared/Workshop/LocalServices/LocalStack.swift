import Faults
package import FoundationEssentials
import Glibc
import JobEngine

/// A private PostgreSQL and RabbitMQ on loopback with their workers, all in one folder.
///
/// Everything here blocks, for seconds: call it from a thread of its own, never from Swift's cooperative pool. Commands
/// on the same folder, from any process, wait for each other.
package struct LocalStack: Sendable {
    let folder: LocalFolder
    let report: @Sendable (String) -> Void

    /// - Parameters:
    ///   - directory: made by `up` when it is missing.
    ///   - report: is given a line about each step.
    package init(directory: URL, report: @escaping @Sendable (String) -> Void = { _ in }) {
        folder = LocalFolder(directory)
        self.report = report
    }

    /// Starts what does not run yet: broker, database, schema, topology, workers. What runs is left alone, so it may be
    /// called at any time.
    /// - Throws: `packageMissing`, `folderUnusable`, `diskFull`, `portUnavailable`, `startFailed`, `notReady`. What was
    ///   started stays, and `down` ends it.
    @discardableResult
    package func up(_ request: LocalRequest) throws(LocalServicesError) -> LocalEnvironment {
        try folder.create()
        return try folder.locked { () throws(LocalServicesError) in
            var state = try readOrCreate()
            let firstFolders = state.inputRoots + request.inputRoots
            state.inputRoots = firstFolders.enumerated().filter { !firstFolders[..<$0.offset].contains($0.element) }
                .map(\.element)
            for stage in Stage.allCases {
                state.replicas[stage.rawValue] = request.replicas[stage] ?? state.replicas[stage.rawValue] ?? 1
            }
            try state.write(folder)

            let broker = try RabbitMQServer(folder: folder, mark: state.mark)
            let database = try PostgreSQLServer(folder: folder, mark: state.mark)
            // The broker boots for seconds; the database is made meanwhile.
            try start(broker, &state)
            try start(database, &state)
            try database.createDatabase(state.database)
            if let process = state.broker.process { try broker.waitUntilReady(process, port: state.broker.port) }

            let environment = LocalEnvironment(folder, state)
            try prepareSchema(environment)
            try database.createAnalyst(state.database)
            if let executables = request.executables {
                let settings = environment.environmentVariables.merging(LocalWorkers.ownSettings) { $1 }
                    .merging(request.workerEnvironment) { $1 }
                try LocalWorkers(folder: folder, mark: state.mark, report: report).adjust(
                    &state, executables: executables, settings: settings
                ) { (state) throws(LocalServicesError) in try state.write(folder) }
                try state.write(folder)
            }
            return environment
        }
    }

    /// Ends the workers, the broker and the database, in this order, and keeps the data. Without a stack it does
    /// nothing.
    /// - Parameter deletingData: also removes the stack's files, and the folder if nothing else is in it.
    /// - Returns: false when there was no stack.
    @discardableResult
    package func down(deletingData: Bool = false) throws(LocalServicesError) -> Bool {
        guard SystemFile.exists(folder.stateFile) else { return false }
        return try folder.locked { () throws(LocalServicesError) in
            guard var state = try LocalState.read(folder) else { return false }
            try LocalWorkers(folder: folder, mark: state.mark, report: report).end(
                state.workers.filter(\.process.isRunning))
            try stop(.broker, &state)
            try stop(.database, &state)
            state.workers = []
            try state.write(folder)
            for process in ProcessIdentity.end(state.mark.processes(), grace: .seconds(2)) {
                report("killed the process \(process.pid)")
            }
            if deletingData { try folder.delete() }
            return true
        }
    }

    /// - Throws: `notRunning` when there is no stack in the folder.
    package func status() throws(LocalServicesError) -> LocalStatus {
        guard let state = try LocalState.read(folder) else {
            throw LocalServicesError(
                .notRunning, "there is no local stack in \(folder.path); start one with `columna local up`")
        }
        return LocalStatus(folder, state, database: try? PostgreSQLServer(folder: folder, mark: state.mark))
    }

    private func readOrCreate() throws(LocalServicesError) -> LocalState {
        if let state = try LocalState.read(folder) { return state }
        guard !SystemFile.exists(folder.databaseData + "/PG_VERSION") else {
            throw LocalServicesError(
                .folderUnusable,
                "\(folder.path) holds a database but no local.json with its passwords; restore that file, or remove \(folder.database)"
            )
        }
        let needed: UInt64 = 500_000_000
        guard folder.freeBytes >= needed else {
            throw LocalServicesError(
                .diskFull,
                "\(folder.freeBytes / 1_000_000) MB are free in \(folder.path), expected at least \(needed / 1_000_000) MB; "
                    + "free some or choose another folder with --directory")
        }
        return try .new()
    }
}
