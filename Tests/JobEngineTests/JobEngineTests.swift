// Placeholder: the tests of JobEngine are being written.
