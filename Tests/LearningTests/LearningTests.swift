// Placeholder: the tests of Learning are being written.
