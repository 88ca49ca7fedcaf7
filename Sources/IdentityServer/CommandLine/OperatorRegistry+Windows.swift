import Registry

/// The acts of `hallpass window`.
extension OperatorRegistry {
    /// The description holds the secret, which is told only here.
    package func add(_ registration: WindowRegistration) async throws -> WindowDescription {
        let window = try registration.window()
        return WindowDescription(window, newSecret: try await change { try await $0.addWindow(window, actor: $1) })
    }

    package func windows() async throws -> [WindowDescription] { try await registry.windows().map { WindowDescription($0) } }

    package func window(_ id: String) async throws -> WindowDescription {
        guard let window = try await registry.window(id) else {
            throw RuleViolation("unknown_window", "there is no window \(id); `hallpass window list` shows those there are")
        }
        return WindowDescription(window)
    }

    package func suspend(_ id: String) async throws { try await change { try await $0.setState(.suspended, ofWindow: id, actor: $1) } }
    package func resume(_ id: String) async throws { try await change { try await $0.setState(.active, ofWindow: id, actor: $1) } }
    package func remove(_ id: String) async throws { try await change { try await $0.removeWindow(id, actor: $1) } }
    package func rotateSecret(of id: String) async throws -> String {
        try await change { try await $0.rotateSecret(ofWindow: id, actor: $1) }
    }
}
