-- Takes back 006: drops the audit for good.
DROP TABLE columna.audit;
DROP FUNCTION columna.audit_refuse_change();
DROP TABLE columna.kind_limits;
DROP TABLE columna.stage_pauses;
DROP TABLE columna.workers;
