import Glibc

/// The two services of a stack.
package enum LocalService: String, Sendable, CaseIterable {
    case database, broker
}

extension LocalStack {
    /// Kills a service as a power cut would (SIGKILL to all its processes), for tests of recovery; `up` starts it again
    /// on the same port.
    package func kill(_ service: LocalService) throws(LocalServicesError) {
        try folder.locked { () throws(LocalServicesError) in
            guard let state = try LocalState.read(folder) else { return }
            let processes: [ProcessIdentity]
            switch service {
            case .broker: processes = state.mark.processes(.broker) + [state.broker.process].compactMap { $0 }
            case .database: processes = [state.database.process].compactMap { $0 }
            }
            processes.forEach { $0.signal(SIGKILL) }
            _ = waited(.seconds(10)) { !processes.contains(where: \.isRunning) }
        }
    }

    /// Ends one service gracefully; `up` starts it again on the same port.
    package func stop(_ service: LocalService) throws(LocalServicesError) {
        try folder.locked { () throws(LocalServicesError) in
            guard var state = try LocalState.read(folder) else { return }
            try stop(service, &state)
            try state.write(folder)
        }
    }

    func stop(_ service: LocalService, _ state: inout LocalState) throws(LocalServicesError) {
        switch service {
        case .broker:
            let server = try RabbitMQServer(folder: folder, mark: state.mark)
            if let process = state.broker.process, process.isRunning {
                report("stopping RabbitMQ (process \(process.pid))")
            }
            for process in server.stop(state.broker.process) {
                report("killed the broker's process \(process.pid): it did not end within 30 s")
            }
            state.broker.process = nil
            let mapper = Set([state.broker.mapper].compactMap { $0 } + state.mark.processes(.mapper))
            _ = ProcessIdentity.end(Array(mapper), grace: .seconds(5))
            state.broker.mapper = nil
        case .database:
            let server = try PostgreSQLServer(folder: folder, mark: state.mark)
            guard let process = server.running(state.database.process) else { return }
            report("stopping PostgreSQL (process \(process.pid))")
            try server.stop(process)
            state.database.process = nil
        }
    }

    /// Starts the broker unless it runs; it is not ready yet.
    func start(_ server: RabbitMQServer, _ state: inout LocalState) throws(LocalServicesError) {
        if let process = state.broker.process, process.isRunning { return }
        // A node whose shell was killed still holds its ports and its data.
        _ = server.stop(nil)
        _ = ProcessIdentity.end(
            [state.broker.mapper].compactMap { $0 } + state.mark.processes(.mapper), grace: .seconds(5))
        try renew(&state.broker.port, "RabbitMQ")
        try renew(&state.broker.distributionPort, "RabbitMQ's distribution")
        try renew(&state.broker.mapperPort, "epmd")
        state.broker.mapper = try server.startMapper(state.broker)
        try state.write(folder)
        report("starting RabbitMQ on 127.0.0.1:\(state.broker.port)")
        state.broker.process = try server.start(state.broker)
        try state.write(folder)
    }

    /// Makes the database if there is none and starts it unless it runs.
    func start(_ server: PostgreSQLServer, _ state: inout LocalState) throws(LocalServicesError) {
        if let process = server.running(state.database.process) {
            state.database.process = process
            return
        }
        let account = try DatabaseAccount.choose(reaching: folder.database)
        try server.create(account, password: state.database.password)
        var attempt = 1
        while true {
            try renew(&state.database.port, "PostgreSQL")
            try state.write(folder)
            report("starting PostgreSQL on 127.0.0.1:\(state.database.port)")
            do {
                state.database.process = try server.start(account, port: state.database.port)
                return try state.write(folder)
            } catch {
                // Somebody may have taken the port since it was looked at, or a killed server's children may still hold
                // its memory.
                guard attempt < 3 else { throw error }
                attempt += 1
                usleep(500_000)
            }
        }
    }

    /// Keeps a remembered port if nobody has taken it; a server that was just killed is given a moment to let go.
    private func renew(_ port: inout Int, _ name: String) throws(LocalServicesError) {
        guard !waited(.seconds(2), until: { LoopbackPort.isFree(port) }), let free = try LoopbackPort.unused(1).first
        else { return }
        report("\(name) moves from port \(port), which another program uses now, to \(free)")
        port = free
    }
}
