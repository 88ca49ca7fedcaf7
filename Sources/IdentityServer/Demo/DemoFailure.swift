/// Why the demo does not start or came to an end: one line that says what to do.
package struct DemoFailure: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
