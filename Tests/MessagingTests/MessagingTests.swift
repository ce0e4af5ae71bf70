// Placeholder: the tests of Messaging are being written.
