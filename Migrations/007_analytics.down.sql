-- Takes back 007. The role stays: it belongs to the server, and other databases may grant it.
DROP SCHEMA analytics;
