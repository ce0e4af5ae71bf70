/// First keys of PostgreSQL's advisory locks, so that no two uses meet. The migrator's is a lock of its own
/// (`MigrationStatements`).
enum AdvisoryLock: Int32 {
    case cappedClaims = 20_250_001
    case migrations = 20_250_003
    case dependencies = 20_250_016
    case exclusiveOrders = 20_250_020
}
