-- Takes back 025: who corrected what, and the policies, are lost; label maps, data sets and models stay.
ALTER TABLE columna.model_gates DROP COLUMN job;
DROP TABLE columna.correction_round_members;
DROP TABLE columna.correction_rounds;
DROP TABLE columna.correction_policies;
DROP TABLE columna.correction_uses;
DROP TABLE columna.corrections;
DROP FUNCTION columna.keep_accepted_corrections();
