/// Statements on replies: taken for a while, published outside any transaction, then deleted or put off.
enum ReplyStatements {
    /// Limit, seconds for which nobody else takes them.
    static let claimDueReplies = Statement(
        "claim_due_replies",
        """
        WITH due AS (
            SELECT id
            FROM columna.replies
            WHERE next_try_at <= columna.now()
            ORDER BY next_try_at, id
            LIMIT $1
            FOR UPDATE SKIP LOCKED
        )
        UPDATE columna.replies AS reply
        SET next_try_at = columna.now() + make_interval(secs => $2)
        FROM due
        WHERE reply.id = due.id
        RETURNING reply.id, reply.message_id, reply.occurred_at, '' AS exchange, reply.queue AS routing_key, reply.correlation_id, reply.tenant,
            reply.type, reply.subject, reply.data::text AS data
        """)

    static let deleteReplies = Statement(
        "delete_replies",
        """
        DELETE FROM columna.replies
        WHERE id = ANY($1)
        """)

    /// Ids, seconds before the second try, seconds between tries at most, seconds of patience. Half of each delay is
    /// chance, so that the replies to one queue do not come back in one instant.
    static let putOffRefusedReplies = Statement(
        "put_off_refused_replies",
        """
        UPDATE columna.replies AS reply
        SET
            tries = reply.tries + 1,
            refused_since = coalesce(reply.refused_since, columna.now()),
            parked_at = CASE WHEN over.is_so THEN columna.now() END,
            next_try_at = CASE WHEN NOT over.is_so
                THEN columna.now() + make_interval(secs => least($3, $2 * 2 ^ least(reply.tries, 30)) * (0.5 + 0.5 * random())) END
        FROM columna.replies AS former
        CROSS JOIN LATERAL (
            SELECT coalesce(former.refused_since + make_interval(secs => $4) <= columna.now(), $4 <= 0) AS is_so
        ) AS over
        WHERE reply.id = ANY($1) AND former.id = reply.id
        """)

    /// Ids: a publish failed as a whole, which is nobody's refusal.
    static let giveBackReplies = Statement(
        "give_back_replies",
        """
        UPDATE columna.replies
        SET next_try_at = columna.now()
        WHERE id = ANY($1) AND parked_at IS NULL
        """)

    /// Tenant (null: all), limit.
    static let refusedReplies = Statement(
        "refused_replies",
        """
        SELECT id, tenant, queue, type, subject, tries, refused_since, next_try_at
        FROM columna.replies
        WHERE refused_since IS NOT NULL AND ($1::text IS NULL OR tenant = $1)
        ORDER BY refused_since, id
        LIMIT $2
        """)

    /// Tenant (null: all).
    static let parkedReplies = Statement(
        "parked_replies",
        """
        SELECT count(*) AS count
        FROM columna.replies
        WHERE refused_since IS NOT NULL AND parked_at IS NOT NULL AND ($1::text IS NULL OR tenant = $1)
        """)

    /// Queue (null: all).
    static let retryReplies = Statement(
        "retry_replies",
        """
        UPDATE columna.replies
        SET
            tries = 0,
            refused_since = NULL,
            parked_at = NULL,
            next_try_at = columna.now()
        WHERE refused_since IS NOT NULL AND ($1::text IS NULL OR queue = $1)
        """)
}
