// Placeholder: the tests of Metrics are being written.
