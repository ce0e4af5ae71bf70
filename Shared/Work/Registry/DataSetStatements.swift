import Persistence

/// Statements on data sets as a whole.
enum DataSetStatements {
    /// Tenant, data set.
    static let deleteFolds = Statement(
        "delete_folds",
        """
        DELETE FROM columna.data_set_folds
        WHERE tenant = $1 AND data_set = $2
        """)

    /// Tenant, data set; of a fold's cases: folds, names, whether it is validated on them.
    static let recordFolds = Statement(
        "record_folds",
        """
        INSERT INTO columna.data_set_folds (tenant, data_set, fold, case_name, is_validation)
        SELECT $1, $2, item.fold::integer, item.name, item.is_validation
        FROM unnest($3::bigint[], $4::text[], $5::boolean[]) AS item (fold, name, is_validation)
        """)

    /// Tenant, data set.
    static let folds = Statement(
        "folds",
        """
        SELECT fold, case_name, is_validation
        FROM columna.data_set_folds
        WHERE tenant = $1 AND data_set = $2
        ORDER BY fold, case_name COLLATE "C"
        """)
}
