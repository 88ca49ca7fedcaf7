// swift-tools-version: 6.2
import PackageDescription

/// A department's own program, outside the main package: all it takes from it is the library `Tokens`.
let package = Package(
    name: "DepartmentProgram",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "hallpass", path: "../../..")],
    targets: [
        .executableTarget(name: "DepartmentProgram", dependencies: [.product(name: "Tokens", package: "hallpass")])
    ]
)
