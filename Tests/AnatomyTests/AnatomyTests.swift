// Placeholder: the tests of Anatomy are being written.
