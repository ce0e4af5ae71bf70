import JobEngine

/// Statements on the artifacts of a job. They run behind a check of the fencing token, in its transaction.
enum ArtifactStatements {
    static func record(outputs: [ArtifactReference], inputs: [ArtifactReference], of job: JobID) -> Query {
        let items = outputs + inputs
        let directions = outputs.map { _ in "output" } + inputs.map { _ in "input" }
        return recordArtifacts(
            .uuid(job.uuid), .texts(directions), .texts(items.map(\.role)), .texts(items.map(\.address)),
            .integers(items.map { Int64($0.byteCount) }), .texts(items.map(\.mediaType)))
    }

    /// Job, addresses of the checkpoints that stay. Returns those that nothing refers to any more, and forgets them; whoever
    /// refers to one in this moment makes the statement fail (23503).
    static let releaseCheckpoints = Statement(
        "release_checkpoints",
        """
        WITH released AS (
            DELETE FROM columna.job_artifacts AS link
            WHERE link.job = $1 AND link.direction = 'output' AND link.role = '\(ArtifactKind.checkpoint.role)' AND link.address <> ALL($2)
            RETURNING link.address, link.position
        )
        DELETE FROM columna.artifacts AS artifact
        USING released
        WHERE artifact.address = released.address
            AND NOT EXISTS (
                SELECT
                FROM columna.job_artifacts AS other
                WHERE other.address = artifact.address AND other.position NOT IN (SELECT position FROM released)
            )
        RETURNING artifact.address
        """)

    /// Writes the artifacts that are not known yet, of a CTE with `address`, `byte_count` and `media_type`.
    static func makeKnown(_ rows: String) -> String {
        """
        INSERT INTO columna.artifacts (address, byte_count, media_type)
            SELECT DISTINCT ON (address) address, byte_count, media_type
            FROM \(rows)
            ORDER BY address
            ON CONFLICT DO NOTHING
        """
    }

    /// Job; of artifacts: directions, roles, addresses, byte counts, media types.
    private static let recordArtifacts = Statement(
        "record_artifacts",
        """
        WITH item AS (
            SELECT *
            FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[]) WITH ORDINALITY
                AS item (direction, role, address, byte_count, media_type, place)
        ),
        artifact AS (
            \(makeKnown("item"))
        )
        INSERT INTO columna.job_artifacts (job, direction, role, address)
        SELECT $1, direction::columna.artifact_direction, role, address
        FROM item
        ORDER BY place
        ON CONFLICT DO NOTHING
        """)
}
