-- Takes back 027: policies that were for one tenant alone are not held to it any more, nor to the cases that judged
-- when they were set, and models learn again from corrections that were withdrawn.
DROP TABLE columna.correction_withdrawals;
DROP INDEX columna.jobs_segmentations_of_model;
ALTER TABLE columna.correction_rounds DROP COLUMN for_all_tenants, DROP COLUMN judges;
ALTER TABLE columna.correction_policies DROP COLUMN for_all_tenants, DROP COLUMN judges;
