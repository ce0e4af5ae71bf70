/// `precondition` that holds in these targets too: they are built -Ounchecked, which takes a precondition for granted
/// instead of checking it.
package func require(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds { fatalError(text()) }
}
