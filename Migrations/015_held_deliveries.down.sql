DROP TABLE columna.held_deliveries;
COMMENT ON COLUMN columna.models.promoted_version IS 'What the name alone means; null: the newest version.';
