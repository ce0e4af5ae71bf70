// Placeholder: the tests of Phantoms are being written.
