/// Passwords and names nobody can guess, from the system's random source; letters and digits only, so they need no
/// escaping in a URL.
enum Secret {
    static func random(_ length: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        var source = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in alphabet.randomElement(using: &source)! })
    }
}
