package import Foundation

/// Brings a database's schema up and down, one transaction per step, one migrator at a time.
package final class Migrator: Sendable {
    private let connection: PostgresConnection
    private let folder: MigrationFolder

    package init(settings: PostgresSettings, folder: MigrationFolder) {
        var settings = settings
        // A migration of a large table takes its time.
        settings.statementTimeoutInSeconds = 3600
        connection = PostgresConnection(settings)
        self.folder = folder
    }

    /// A migrator over the files that belong to this program.
    package convenience init(settings: PostgresSettings, environment: [String: String]) throws {
        self.init(settings: settings, folder: try MigrationFolder(environment: environment))
    }

    package func close() async { await connection.close() }

    package struct Step: Sendable, Equatable {
        package var number: Int
        package var name: String
        /// Nil: not applied.
        package var appliedAt: Date?
    }

    /// What a run changed.
    package struct Changes: Sendable, Equatable {
        package var migrations: [Step] = []
        /// Names of the views that were made, made again or taken away.
        package var views: [String] = []
        /// Names of the views that show more than their files: a newer program's, left as they are.
        package var newerViews: [String] = []

        package init() {}
    }

    /// The files' migrations, and which views still differ from the files.
    package func status() async throws -> (migrations: [Step], staleViews: [String]) {
        let applied = try await exists("schema_migrations") ? applied() : []
        let present =
            try await exists("views")
            ? PresentViews(connection.run([MigrationStatements.presentViews()])[0]) : PresentViews()
        let steps = folder.migrations.map { migration in
            Step(
                number: migration.number, name: migration.name,
                appliedAt: applied.first { $0.number == migration.number }?.appliedAt)
        }
        return (steps, present.stale(folder.views).map(\.name))
    }

    /// Applies what is missing, up to `version`, and with the last of the files' migrations makes the views whose text
    /// changed. Harmless when repeated, and on the schema of a newer program, also of one whose views alone are newer.
    package func up(to version: Int = .max) async throws -> Changes {
        try await prepare()
        var changes = Changes()
        let grants = try ViewGrants(await connection.run([MigrationStatements.viewGrants()])[0])
        for migration in folder.migrations where migration.number <= version {
            try await repeatingConflicts { try await step(migration, isUp: true, grants, &changes) }
        }
        return changes
    }

    /// Takes back everything above `version`, newest first. Data of those migrations is lost; the views are gone until
    /// a program migrates that makes them from files (version 20 or later). Version 19 gets back the views that its own
    /// migrations had made, where 020 found some.
    ///
    /// - Throws: `PostgresError` (`schema-newer`) for a schema of a newer program.
    package func down(to version: Int) async throws -> Changes {
        guard try await exists("schema_migrations") else { return Changes() }
        try await prepare()
        var changes = Changes()
        for migration in folder.migrations.reversed() where migration.number > version {
            try await repeatingConflicts { try await step(migration, isUp: false, ViewGrants(), &changes) }
        }
        return changes
    }

    /// Ids of the workers heard of lately that have not stopped, whatever version the schema is at.
    package func workers(heardOfWithin seconds: Double) async throws -> [String] {
        // From migration 006 on.
        guard try await exists("workers", in: "columna") else { return [] }
        return try await connection.run([MigrationStatements.liveWorkers(.double(seconds))])[0].map {
            try $0.string("id")
        }
    }

    /// One migration in its own transaction, under a lock; the last one's holds the views too, so that tables and what
    /// is seen of them change at once.
    ///
    /// - Parameter grants: from before the first step, of which any may have dropped a view.
    private func step(_ migration: Migration, isUp: Bool, _ grants: ViewGrants, _ changes: inout Changes) async throws {
        let (generation, rows) = try await connection.begin([
            MigrationStatements.lock(), MigrationStatements.applied(),
        ])
        do {
            // Read after the lock was got: another migrator may have been at work meanwhile.
            let all = try rows[1].map { try AppliedMigration($0) }
            guard try !isNewer(all.last?.number ?? 0, isUp: isUp) else { return await connection.rollBack(generation) }
            let applied = all.first { $0.number == migration.number }
            try check(migration, applied)
            let isDue = (applied == nil) == isUp
            var views = Changes()
            if isDue, !isUp { views.views = try await dropViews(generation) }
            if isDue { try await change(migration, isUp: isUp, generation) }
            if isUp, migration.number == folder.version {
                views = try await makeViews(generation, isUpgrade: isDue)
                if !views.views.isEmpty { try await restore(grants, generation) }
            }
            _ = try await connection.proceed([SessionStatements.commit()], generation: generation)
            if isDue {
                let step = Step(number: migration.number, name: migration.name, appliedAt: isUp ? Date() : nil)
                changes.migrations.append(step)
            }
            changes.views += views.views
            changes.newerViews += views.newerViews
        } catch {
            await connection.rollBack(generation)
            throw error
        }
    }

    /// Who reads several views while they are made may wait for what the migrator holds, and it for them: then one of
    /// the two is undone. What others hold for long, or have built on a view, is told in words that say what to do.
    private func repeatingConflicts(_ step: () async throws -> Void) async throws {
        do {
            for _ in 1...4 {
                do { return try await step() } catch let error as PostgresError where error.isWorthRepeatingAtOnce {}
            }
            try await step()
        } catch var error as PostgresError {
            switch error.sqlState {
            case "55P03", "40P01":
                error.message =
                    "somebody uses what is to be changed and has not let go of it in time: wait until that is over, or end it "
                    + "(pg_stat_activity shows who), then run the command again"
            case "2BP01":
                error.message =
                    "a view of the hospital's own, or something else, stands on what is to be taken away (PostgreSQL's log names it): "
                    + "drop that, run the command again, then make it anew"
            default: break
            }
            throw error
        }
    }

    private func change(_ migration: Migration, isUp: Bool, _ generation: Int) async throws {
        try await connection.proceed(
            script: isUp ? migration.upSQL : migration.downSQL, name: migration.fileName(isUp: isUp),
            generation: generation)
        let record =
            isUp
            ? MigrationStatements.insert(.integer(migration.number), .text(migration.name), .text(migration.checksum))
            : MigrationStatements.delete(.integer(migration.number))
        _ = try await connection.proceed([record], generation: generation)
    }

    /// Without a number of its own a change of views may be a newer program's, from which somebody rolled back: then
    /// a view with columns that this program's has not, or that this program has not at all, is not this one's to take
    /// away. Hospitals' programs and views may read it.
    private func makeViews(_ generation: Int, isUpgrade: Bool) async throws -> Changes {
        // Read after the migration, which may have dropped a view over columns that it changes.
        let present = try await presentViews(generation)
        var changes = Changes()
        for view in present.stale(folder.views) {
            if try await make(view, generation, isUpgrade: isUpgrade) {
                changes.views.append(view.name)
            } else {
                changes.newerViews.append(view.name)
            }
        }
        if isUpgrade { changes.views += try await dropViews(present.withoutFile(folder.views), generation) }
        return changes
    }

    /// False: a newer program's stays.
    private func make(_ view: AnalystView, _ generation: Int, isUpgrade: Bool) async throws -> Bool {
        func proceed(_ sql: String) async throws {
            try await connection.proceed(script: sql, name: view.fileName, generation: generation)
        }
        do {
            try await proceed("SAVEPOINT before_view")
            try await proceed(view.sql)
        } catch let error as PostgresError where error.takesColumnsAway && !isUpgrade {
            try await proceed("ROLLBACK TO SAVEPOINT before_view")
            return false
        }
        let record = MigrationStatements.recordView(.text(view.name), .text(view.checksum))
        _ = try await connection.proceed([record], generation: generation)
        return true
    }

    /// A view that was dropped and made anew has only what its file allows.
    private func restore(_ grants: ViewGrants, _ generation: Int) async throws {
        let rows = try await connection.proceed([MigrationStatements.viewGrants()], generation: generation)[0]
        for statement in grants.missing(in: try ViewGrants(rows), of: folder.views) {
            try await connection.proceed(script: statement, name: "restore_grants", generation: generation)
        }
    }

    /// Those that migrations of before 020 made, too: tables that go do not go under them.
    private func dropViews(_ generation: Int) async throws -> [String] {
        try await dropViews(presentViews(generation).ours(folder.views), generation)
    }

    private func presentViews(_ generation: Int) async throws -> PresentViews {
        try PresentViews(await connection.proceed([MigrationStatements.presentViews()], generation: generation)[0])
    }

    private func dropViews(_ names: [String], _ generation: Int) async throws -> [String] {
        for name in names {
            try await connection.proceed(script: MigrationStatements.dropView(name), name: name, generation: generation)
            _ = try await connection.proceed([MigrationStatements.forgetView(.text(name))], generation: generation)
        }
        return names
    }

    /// A schema of a newer program is complete for this one, and its views are not this one's to replace. Nor can it be
    /// taken back by a program that has not the ways down.
    private func isNewer(_ found: Int, isUp: Bool) throws -> Bool {
        guard found > folder.version else { return false }
        guard isUp else {
            throw PostgresError(code: .schemaNewer, message: SchemaCheck.newer(found, than: folder.version))
        }
        return true
    }

    private func check(_ migration: Migration, _ applied: AppliedMigration?) throws {
        guard let applied, !migration.isApplied(as: applied.checksum) else { return }
        throw PostgresError(
            code: .migrationFailed,
            message:
                "migration \(migration.fileName(isUp: true)) was edited after this database had applied it: restore the file and add a new one"
        )
    }

    private func prepare() async throws {
        try await connection.runScript("SET client_min_messages = warning", name: "quiet")
        try await connection.runScript(MigrationStatements.prepareSchema, name: "prepare_schema")
    }

    private func exists(_ table: String, in schema: String = "columna_schema") async throws -> Bool {
        try await connection.run([MigrationStatements.exists(.text("\(schema).\(table)"))])[0][0].boolean("exists")
    }

    private func applied() async throws -> [AppliedMigration] {
        try await connection.run([MigrationStatements.applied()])[0].map { try AppliedMigration($0) }
    }
}

private struct AppliedMigration {
    let number: Int
    let checksum: String
    let appliedAt: Date

    init(_ row: PostgresRow) throws {
        number = try row.integer("number")
        checksum = try row.string("checksum")
        appliedAt = try row.date("applied_at")
    }
}

/// The views of `analytics` that a database has: made from files, by migrations of before 020, or by a hospital.
private struct PresentViews {
    private var names: Set<String> = []
    /// Of the texts of those that were made from files.
    private var checksums: [String: String] = [:]

    init() {}

    init(_ rows: PostgresRows) throws {
        for row in rows {
            let name = try row.string("name")
            names.insert(name)
            checksums[name] = try row.optionalString("checksum")
        }
    }

    func stale(_ views: [AnalystView]) -> [AnalystView] { views.filter { checksums[$0.name] != $0.checksum } }

    /// In the order in which they can be dropped.
    func ours(_ views: [AnalystView]) -> [String] {
        names.filter { name in checksums[name] != nil || views.contains { $0.name == name } }.sorted().reversed()
    }

    func withoutFile(_ views: [AnalystView]) -> [String] {
        checksums.keys.filter { name in !views.contains { $0.name == name } }.sorted().reversed()
    }
}

/// What people may do with the views of `analytics`.
private struct ViewGrants {
    /// Of statements that allow it: the view.
    private var views: [String: String] = [:]

    init() {}

    init(_ rows: PostgresRows) throws {
        for row in rows { views[try row.string("statement")] = try row.string("name") }
    }

    func missing(in present: ViewGrants, of files: [AnalystView]) -> [String] {
        views.filter { statement, view in present.views[statement] == nil && files.contains { $0.name == view } }
            .keys.sorted()
    }
}
