import CPostgreSQL
import Foundation

/// One libpq connection: the only file that sees libpq. Blocking; confined to the serial executor of its
/// `PostgresConnection`.
///
/// Statements travel in pipeline mode (manual 34.5): all of a batch are sent, then one sync, so a batch is one round
/// trip and, without BEGIN, one implicit transaction. Parameters and results are binary; results are copied and freed
/// before anything returns.
final class PQConnection {
    private let handle: OpaquePointer
    private let timeoutInSeconds: Double
    /// Names of the statements that the server has been told once and for all.
    private(set) var prepared: Set<String> = []
    private var columns: [String: [String: Int]] = [:]

    /// Connects. Blocks for at most the settings' connection timeout per address.
    init(_ settings: PostgresSettings) throws {
        let keywords = try settings.keywords
        let names = keywords.map { strdup($0.0) } + [nil]
        let values = keywords.map { strdup($0.1) } + [nil]
        defer { (names + values).forEach { free($0) } }
        let opened = names.map { UnsafePointer($0) }.withUnsafeBufferPointer { names in
            values.map { UnsafePointer($0) }.withUnsafeBufferPointer { values in
                // expand_dbname = 1: the first keyword, dbname, may be a whole URL, and later keywords override what it
                // says.
                PQconnectdbParams(names.baseAddress, values.baseAddress, 1)
            }
        }
        guard let opened else {
            throw PostgresError(code: .connectionLost, message: "no memory for a database connection")
        }
        handle = opened
        timeoutInSeconds = settings.statementTimeoutInSeconds + 15
        guard PQstatus(handle) == CONNECTION_OK else {
            throw PostgresError(
                code: .connectionLost,
                message: "cannot connect to the database: check COLUMNA_DATABASE_URL and that the server runs",
                detail: lastMessage)
        }
    }

    deinit { PQfinish(handle) }

    /// False once the server closed the connection, as far as can be told without a round trip.
    var isUsable: Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        // An idle connection has nothing to say: what is readable is a notice, or the last words before the end.
        while poll(&descriptor, 1, 0) > 0 {
            guard PQconsumeInput(handle) == 1 else { return false }
            // Lets libpq take the notice out of its buffer.
            _ = PQisBusy(handle)
        }
        return PQstatus(handle) == CONNECTION_OK
    }

    /// Runs the queries in order in one round trip. The first error undoes the batch (unless a BEGIN of an earlier
    /// batch is open: then its transaction is aborted) and is thrown.
    func run(_ queries: [Query]) throws -> [PostgresRows] {
        guard PQenterPipelineMode(handle) == 1 else { throw connectionLost(nil) }
        defer { PQexitPipelineMode(handle) }
        let steps = try send(queries)
        var results: [PostgresRows] = []
        var failure: PostgresError?
        for step in steps {
            do {
                if let rows = try receive(step) { results.append(rows) }
            } catch let error as PostgresError where error.code != .connectionLost {
                failure = failure ?? error
            }
        }
        try receiveSync()
        if let failure { throw failure }
        return results
    }

    /// Runs a text of several statements by the simple protocol: for migrations.
    func runScript(_ sql: String, name: String) throws {
        guard let result = PQexec(handle, sql) else { throw connectionLost(name) }
        defer { PQclear(result) }
        try check(result, statement: name)
    }

    // MARK: Sending

    private enum Step {
        case prepare(String)
        case query(String)

        var name: String {
            switch self {
            case .prepare(let name), .query(let name): name
            }
        }
    }

    private func send(_ queries: [Query]) throws -> [Step] {
        var steps: [Step] = []
        var sent = prepared
        for query in queries {
            if sent.insert(query.statement.name).inserted {
                try sendPrepare(query)
                steps.append(.prepare(query.statement.name))
            }
            try sendQuery(query)
            steps.append(.query(query.statement.name))
        }
        guard PQpipelineSync(handle) == 1 else { throw connectionLost(nil) }
        return steps
    }

    private func sendPrepare(_ query: Query) throws {
        let types = query.parameters.map { Oid($0.type.rawValue) }
        guard PQsendPrepare(handle, query.statement.name, query.statement.sql, Int32(types.count), types) == 1 else {
            throw connectionLost(query.statement.name)
        }
    }

    private func sendQuery(_ query: Query) throws {
        let parameters = query.parameters
        let lengths = parameters.map { Int32($0.bytes?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: parameters.count)
        let joined = parameters.flatMap { $0.bytes ?? [] }
        let sent = joined.withUnsafeBytes { buffer in
            // An empty value still needs an address that is not null.
            let base = buffer.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
            var offset = 0
            let values: [UnsafePointer<CChar>?] = parameters.map { parameter in
                guard let bytes = parameter.bytes else { return nil }
                defer { offset += bytes.count }
                return (base + offset).assumingMemoryBound(to: CChar.self)
            }
            return PQsendQueryPrepared(
                handle, query.statement.name, Int32(parameters.count), values, lengths, formats, 1)
        }
        guard sent == 1 else { throw connectionLost(query.statement.name) }
    }

    // MARK: Receiving

    /// Nil for a step that prepares.
    private func receive(_ step: Step) throws -> PostgresRows? {
        guard let result = try nextResult(step.name) else { throw connectionLost(step.name) }
        defer { PQclear(result) }
        // A null result ends each command's results (manual 34.5.1.2); it comes even after an error.
        while let extra = try nextResult(step.name) { PQclear(extra) }
        try check(result, statement: step.name)
        if case .prepare(let name) = step {
            prepared.insert(name)
            return nil
        }
        return copy(result, statement: step.name)
    }

    private func receiveSync() throws {
        guard let result = try nextResult(nil) else { throw connectionLost(nil) }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw connectionLost(nil) }
    }

    /// Waits for the server no longer than it could need, so that a frozen server or a silent network becomes an error.
    private func nextResult(_ statement: String?) throws -> OpaquePointer? {
        PQflush(handle)
        while PQisBusy(handle) == 1 {
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, Int32(timeoutInSeconds * 1000))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0, PQconsumeInput(handle) == 1 else { throw connectionLost(statement) }
        }
        return PQgetResult(handle)
    }

    private func copy(_ result: OpaquePointer, statement: String) -> PostgresRows {
        let columnCount = PQnfields(result)
        if columns[statement] == nil {
            let names = (0..<columnCount).map { String(cString: PQfname(result, $0)) }
            columns[statement] = Dictionary(zip(names, 0...), uniquingKeysWith: { first, _ in first })
        }
        var bytes: [UInt8] = []
        var cells: [Range<Int>?] = []
        for row in 0..<PQntuples(result) {
            for column in 0..<columnCount {
                guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else {
                    cells.append(nil)
                    continue
                }
                let start = bytes.count
                bytes.append(
                    contentsOf: UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(result, row, column))))
                cells.append(start..<bytes.count)
            }
        }
        return PostgresRows(
            statement: statement, columns: columns[statement] ?? [:], columnCount: Int(columnCount), bytes: bytes,
            cells: cells,
            affectedCount: Int(String(cString: PQcmdTuples(result))) ?? 0)
    }

    // MARK: Errors

    private func check(_ result: OpaquePointer, statement: String) throws {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default: break
        }
        if PQstatus(handle) == CONNECTION_BAD { throw connectionLost(statement, sqlState: field(result, "C")) }
        throw PostgresError(
            code: .statementFailed, sqlState: field(result, "C"), statement: statement, constraint: field(result, "n"),
            message: "the database refused a statement", detail: field(result, "M"))
    }

    /// A field of an error, by the letter of the protocol's manual 55.8 (`C` SQLSTATE, `M` message, `n` constraint).
    private func field(_ result: OpaquePointer, _ letter: Character) -> String? {
        guard let ascii = letter.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
        return String(cString: text)
    }

    private func connectionLost(_ statement: String?, sqlState: String? = nil) -> PostgresError {
        PostgresError(
            code: .connectionLost, sqlState: sqlState, statement: statement,
            message: "the connection to the database was lost",
            detail: lastMessage)
    }

    private var lastMessage: String { String(cString: PQerrorMessage(handle)) }
}
