// Placeholder: the tests of Reports are being written.
