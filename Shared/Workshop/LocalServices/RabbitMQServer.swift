import Faults
import Glibc

/// The stack's RabbitMQ, with an Erlang port mapper of its own.
///
/// The mapper (epmd) is started here and not by the node, because the one a node starts survives it without a trace of
/// whose it was.
struct RabbitMQServer {
    let folder: LocalFolder
    let mark: StackMark

    private static let server = "/usr/lib/rabbitmq/bin/rabbitmq-server"
    private static let mapper = "/usr/bin/epmd"
    private var log: String { folder.logs + "/broker.out" }

    /// - Throws: `packageMissing`.
    init(folder: LocalFolder, mark: StackMark) throws(LocalServicesError) {
        for program in [Self.server, Self.mapper] where !SystemFile.exists(program) {
            throw DebianPackage.rabbitMQ.missing(program)
        }
        self.folder = folder
        self.mark = mark
    }

    func startMapper(_ broker: LocalState.Broker) throws(LocalServicesError) -> ProcessIdentity {
        let process = try ChildProcess(
            executable: Self.mapper, arguments: ["-port", "\(broker.mapperPort)", "-address", "127.0.0.1"],
            environment: environment(broker, .mapper)
        ).startDetached(log: folder.logs + "/epmd.log")
        guard waited(.seconds(10), until: { !process.isRunning || !LoopbackPort.isFree(broker.mapperPort) }),
            process.isRunning
        else {
            throw LocalServicesError(
                .startFailed,
                "epmd did not start on port \(broker.mapperPort): \(SystemFile.tail(folder.logs + "/epmd.log"))")
        }
        return process
    }

    /// Starts the node; it answers some seconds later (`waitUntilReady`).
    func start(_ broker: LocalState.Broker) throws(LocalServicesError) -> ProcessIdentity {
        try SystemFile.writePrivately(configuration(broker), to: folder.broker + "/rabbitmq.conf")
        try SystemFile.writePrivately("[].\n", to: folder.broker + "/enabled_plugins")
        try SystemFile.writePrivately("[].\n", to: folder.broker + "/advanced.config")
        unlink(log)
        return try ChildProcess(executable: Self.server, arguments: [], environment: environment(broker, .broker))
            .startDetached(log: log)
    }

    func waitUntilReady(_ process: ProcessIdentity, port: Int) throws(LocalServicesError) {
        let ready = waited(.seconds(120)) { !process.isRunning || LoopbackPort.speaksAMQP(port) }
        guard process.isRunning else {
            throw LocalServicesError(.startFailed, "RabbitMQ ended while starting: \(SystemFile.tail(log))")
        }
        guard ready else {
            throw LocalServicesError(
                .notReady, "RabbitMQ does not answer on port \(port) after 120 s: \(SystemFile.tail(log))")
        }
    }

    /// Loopback only. The log of Raft is kept small: one machine has few messages, and a start reads it all.
    private func configuration(_ broker: LocalState.Broker) -> String {
        """
        listeners.tcp.1 = 127.0.0.1:\(broker.port)
        default_user = columna
        default_pass = \(broker.password)
        loopback_users.columna = true
        disk_free_limit.absolute = 200MB
        log.file = broker.log
        log.file.level = warning
        raft.wal_max_size_bytes = 67108864

        """
    }

    /// Everything the node reads, so that nothing of /etc/rabbitmq or of the caller's environment reaches it.
    private func environment(_ broker: LocalState.Broker, _ part: StackMark.Part) -> [String: String] {
        let home = folder.broker
        let settings = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C.UTF-8",
            "HOME": home,
            "RABBITMQ_NODENAME": broker.node,
            "RABBITMQ_DIST_PORT": "\(broker.distributionPort)",
            "ERL_EPMD_PORT": "\(broker.mapperPort)",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE": home + "/none",
            "RABBITMQ_CONFIG_FILE": home + "/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": home + "/advanced.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": home + "/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": home + "/data",
            "RABBITMQ_LOG_BASE": folder.logs,
            "RABBITMQ_PID_FILE": home + "/pid",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        ]
        return settings.merging(mark.variable(part)) { $1 }
    }

    /// Ends the node gracefully: its shell passes SIGTERM on and waits. A node that lost its shell gets it itself.
    /// - Returns: what had to be killed after 30 s.
    func stop(_ shell: ProcessIdentity?) -> [ProcessIdentity] {
        let all = Set(mark.processes(.broker) + [shell].compactMap { $0 }).filter(\.isRunning)
        guard let shell, shell.isRunning else { return ProcessIdentity.end(Array(all), grace: .seconds(30)) }
        shell.signal(SIGTERM)
        _ = waited(.seconds(30)) { !all.contains(where: \.isRunning) }
        let rest = all.filter(\.isRunning)
        rest.forEach { $0.signal(SIGKILL) }
        return Array(rest)
    }
}
