import Testing
@testable import IdentityServer

@Suite("IdentityServer")
struct IdentityServerTests {}
