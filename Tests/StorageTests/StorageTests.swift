// Placeholder: the tests of Storage are being written.
