import JobEngine

/// What runs of a local stack.
package struct LocalStatus: Codable, Sendable, Equatable {
    package struct Part: Codable, Sendable, Equatable {
        /// `database`, `broker`, or a worker's `<stage>-<number>`.
        package let name: String
        package let isRunning: Bool
        package let pid: Int32?
        package let port: Int?
        package let log: String
    }

    package let directory: String
    package let database: Part
    package let broker: Part
    package let workers: [Part]
    /// For `psql`: the role that reads the analytics views only, with its password.
    package let analystURL: String
    package let inputRoots: [String]

    /// Whether a program can use the stack: database and broker run.
    package var isRunning: Bool { database.isRunning && broker.isRunning }

    init(_ folder: LocalFolder, _ state: LocalState, database server: PostgreSQLServer?) {
        let process = server.map { $0.running(state.database.process) } ?? state.database.process
        directory = folder.path
        database = Part("database", process, port: state.database.port, log: folder.databaseLog)
        broker = Part("broker", state.broker.process, port: state.broker.port, log: folder.logs + "/broker.log")
        let stages = Stage.allCases.map(\.rawValue)
        let ordered = state.workers.sorted {
            (stages.firstIndex(of: $0.stage) ?? 0, $0.number) < (stages.firstIndex(of: $1.stage) ?? 0, $1.number)
        }
        workers = ordered.map { worker in Part(worker.name, worker.process, port: nil, log: folder.log(of: worker)) }
        let environment = LocalEnvironment(folder, state)
        analystURL = environment.analystURL
        inputRoots = environment.inputRoots
    }
}

extension LocalStatus.Part {
    init(_ name: String, _ process: ProcessIdentity?, port: Int?, log: String) {
        let running = process.flatMap { $0.isRunning ? $0 : nil }
        self.init(name: name, isRunning: running != nil, pid: running?.pid, port: port, log: log)
    }
}
