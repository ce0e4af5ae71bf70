import Faults
import Glibc

/// The stack's PostgreSQL: made once, started and stopped at will, data kept.
struct PostgreSQLServer {
    let folder: LocalFolder
    let mark: StackMark
    /// Where initdb, pg_ctl and psql lie.
    let programs: String

    /// - Throws: `packageMissing` when no PostgreSQL is installed, or not the version that made the data.
    init(folder: LocalFolder, mark: StackMark) throws(LocalServicesError) {
        self.folder = folder
        self.mark = mark
        let root = "/usr/lib/postgresql"
        let installed = SystemFile.names(in: root).compactMap { Int($0) }.filter {
            SystemFile.exists("\(root)/\($0)/bin/initdb")
        }
        let made = SystemFile.text(folder.databaseData + "/PG_VERSION").flatMap { Int($0.trimmedLine) }
        guard let version = made ?? installed.max() else {
            throw DebianPackage.postgreSQL.missing("\(root)/15/bin/initdb")
        }
        guard installed.contains(version) else {
            throw LocalServicesError(
                .packageMissing,
                "the data in \(folder.database) are of PostgreSQL \(version), which is not installed; "
                    + "run `sudo apt-get install postgresql-\(version)`")
        }
        programs = "\(root)/\(version)/bin"
    }

    /// The server that runs on our data: the one we remember, or one that somebody started since.
    func running(_ remembered: ProcessIdentity?) -> ProcessIdentity? {
        if let remembered, remembered.isRunning { return remembered }
        guard let line = SystemFile.text(folder.databaseData + "/postmaster.pid")?.split(separator: "\n").first,
            let pid = Int32(line), let process = ProcessIdentity(runningPID: pid),
            process.arguments.contains(folder.databaseData)
        else { return nil }
        return process
    }

    /// Makes the data folder when there is none. Every connection needs its password (SCRAM-SHA-256).
    func create(_ account: DatabaseAccount, password: String) throws(LocalServicesError) {
        guard !SystemFile.exists(folder.databaseData + "/PG_VERSION") else { return }
        let passwordFile = folder.database + "/initial-password"
        try SystemFile.writePrivately(password + "\n", to: passwordFile)
        defer { unlink(passwordFile) }
        if case .postgres(let user, let group, _) = account { chown(passwordFile, user, group) }
        let ending = try account.command(
            programs + "/initdb",
            [
                "-D", folder.databaseData, "-U", "columna", "--auth=scram-sha-256", "--pwfile=\(passwordFile)", "-E",
                "UTF8", "--no-locale",
                "--no-instructions",
            ]
        ).run()
        guard ending.succeeded else {
            throw LocalServicesError(.startFailed, "cannot create a database in \(folder.database): \(ending.output)")
        }
    }

    /// Starts the server and waits until it answers.
    func start(_ account: DatabaseAccount, port: Int) throws(LocalServicesError) -> ProcessIdentity {
        // Nothing of ours runs (the caller looked), so the number in a pid file left by a crash may be anybody's by
        // now.
        unlink(folder.databaseData + "/postmaster.pid")
        let settings = "-p \(port) -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"
        let ending = try account.command(
            programs + "/pg_ctl",
            ["-D", folder.databaseData, "-l", folder.databaseLog, "-s", "-w", "-t", "60", "-o", settings, "start"],
            environment: mark.variable(.database)
        ).run()
        guard ending.succeeded, let process = running(nil) else {
            throw LocalServicesError(
                .startFailed,
                "PostgreSQL did not start on port \(port): \(ending.output)\n\(SystemFile.tail(folder.databaseLog))")
        }
        return process
    }

    /// Makes the database `columna` when there is none.
    func createDatabase(_ database: LocalState.Database) throws(LocalServicesError) {
        let found = try query("SELECT 1 FROM pg_database WHERE datname = 'columna'", of: "postgres", database)
        if found.isEmpty { _ = try query("CREATE DATABASE columna", of: "postgres", database) }
    }

    /// Makes the role `analyst`, or brings its password up to date. What it may read, the migrations say with
    /// `columna_analyst`.
    func createAnalyst(_ database: LocalState.Database) throws(LocalServicesError) {
        _ = try query(
            """
            DO $body$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN CREATE ROLE analyst; END IF;
              ALTER ROLE analyst LOGIN PASSWORD '\(database.analystPassword)';
              GRANT columna_analyst TO analyst;
            END $body$
            """, of: "columna", database)
    }

    /// The answer of one statement, unadorned. It goes in by standard input, so no password shows in the list of
    /// processes.
    private func query(_ statement: String, of name: String, _ database: LocalState.Database) throws(LocalServicesError)
        -> String
    {
        let ending = try ChildProcess(
            executable: programs + "/psql",
            arguments: [
                "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", "\(database.port)", "-U",
                "columna", "-d", name,
            ],
            environment: ["PGPASSWORD": database.password, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        ).run(input: statement + ";\n")
        guard ending.succeeded else {
            throw LocalServicesError(.startFailed, "cannot prepare the database: \(ending.output.trimmedLine)")
        }
        return ending.output.trimmedLine
    }

    /// Ends the server: connections are cut and data flushed (SIGINT, "fast"); if that takes too long, at once and with
    /// recovery at the next start (SIGQUIT).
    func stop(_ process: ProcessIdentity) throws(LocalServicesError) {
        process.signal(SIGINT)
        if waited(.seconds(30), until: { !process.isRunning }) { return }
        process.signal(SIGQUIT)
        if waited(.seconds(10), until: { !process.isRunning }) { return }
        throw LocalServicesError(
            .stopFailed, "PostgreSQL (process \(process.pid)) does not end; its log is \(folder.databaseLog)")
    }
}
