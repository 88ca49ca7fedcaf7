import Testing
@testable import Directory

@Suite("Directory")
struct DirectoryTests {}
