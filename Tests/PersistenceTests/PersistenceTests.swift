// Placeholder: the tests of Persistence are being written.
