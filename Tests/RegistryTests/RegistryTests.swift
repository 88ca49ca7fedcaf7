import Testing
@testable import Registry

@Suite("Registry")
struct RegistryTests {}
