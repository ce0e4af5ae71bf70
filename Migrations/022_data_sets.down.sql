-- Takes back 022: orders, checks and folds are lost; cases stay as they are.
DROP TABLE columna.data_set_folds;
DROP TABLE columna.label_check_findings;
DROP TABLE columna.label_check_classes;
DROP TABLE columna.label_checks;
DROP TABLE columna.case_imports;
