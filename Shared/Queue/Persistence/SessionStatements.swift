/// Statements about the conversation itself.
enum SessionStatements {
    static let configureSession = Statement(
        "configure_session",
        """
        SELECT
            set_config('statement_timeout', $1, false),
            set_config('lock_timeout', $2, false),
            set_config('idle_in_transaction_session_timeout', $3, false),
            set_config('timezone', 'UTC', false),
            set_config('jit', 'off', false)
        """)

    static let ping = Statement("ping", "SELECT 1")

    static let now = Statement("now", "SELECT columna.now() AS now")

    static let begin = Statement("begin_transaction", "BEGIN")
    static let commit = Statement("commit_transaction", "COMMIT")
    static let rollback = Statement("rollback_transaction", "ROLLBACK")

    /// A worker that is frozen in the middle of a sweep must not keep the others from sweeping for longer than this.
    static let limitSweepPauses = Statement(
        "limit_sweep_pauses",
        """
        SELECT set_config('idle_in_transaction_session_timeout', '5s', true)
        """)

    /// For claims, renewals and relaying, whose loss in a crash of the server costs a repeat and nothing else.
    static let commitWithoutWaiting = Statement(
        "commit_without_waiting",
        """
        SELECT set_config('synchronous_commit', 'off', true)
        """)
}
