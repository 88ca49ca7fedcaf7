// swift-tools-version: 6.2
import PackageDescription

/// Language mode 6 (strict concurrency) comes with the tools version; these two make imports and existentials explicit.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "hallpass",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Tokens", targets: ["Tokens"]),
        .executable(name: "hallpass", targets: ["hallpass"]),
        .executable(name: "DemoWindow", targets: ["DemoWindow"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    ],
    targets: [
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "CLDAP", linkerSettings: [.linkedLibrary("ldap"), .linkedLibrary("lber")]),
        .target(
            name: "PKI",
            dependencies: [
                "COpenSSL", .product(name: "Crypto", package: "swift-crypto"), .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: strict),
        .target(
            name: "Tokens",
            dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(name: "Directory", dependencies: ["CLDAP"], swiftSettings: strict),
        .target(
            name: "Registry",
            dependencies: ["PKI", "Directory", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .target(
            name: "IdentityServer",
            dependencies: [
                "PKI", "Tokens", "Directory", "Registry",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.copy("Templates"), .copy("Locales"), .copy("IdentityProfiles")],
            swiftSettings: strict),
        .executableTarget(
            name: "hallpass",
            dependencies: [
                "IdentityServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "DemoWindow",
            dependencies: [
                "Tokens",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .target(
            name: "FuzzTrustList", dependencies: ["FuzzEntries", "IdentityServer"], path: "Tests/Fuzz/TrustList", swiftSettings: strict),
        .target(name: "FuzzEntries", dependencies: ["PKI"], path: "Tests/Fuzz/Entries", swiftSettings: strict),
        .executableTarget(name: "HallpassBench", dependencies: ["PKI"], path: "Tests/Bench/PKI", swiftSettings: strict),
        .executableTarget(name: "HallpassTokenBench", dependencies: ["Tokens"], path: "Tests/Bench/Tokens", swiftSettings: strict),
        .testTarget(
            name: "PKITests", dependencies: ["PKI", "FuzzEntries", .product(name: "SwiftASN1", package: "swift-asn1")],
            exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(name: "TokensTests", dependencies: ["Tokens"], exclude: ["oracle.py"], swiftSettings: strict),
        .testTarget(name: "DirectoryTests", dependencies: ["Directory"], swiftSettings: strict),
        .testTarget(name: "RegistryTests", dependencies: ["Registry"], swiftSettings: strict),
        .testTarget(
            name: "IdentityServerTests",
            dependencies: [
                "FuzzEntries", "FuzzTrustList", "IdentityServer", "PKI", "Registry", "Tokens",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: strict),
    ]
)

// The fuzzers need instrumented code and libFuzzer: only `scripts/fuzz` asks for them.
if Context.environment["HALLPASS_FUZZ"] != nil {
    let library = strict + [.unsafeFlags(["-parse-as-library"])]
    package.targets += [
        .executableTarget(name: "HallpassFuzz", dependencies: ["FuzzEntries"], path: "Tests/Fuzz/Harness/PKI", swiftSettings: library),
        .executableTarget(
            name: "HallpassFuzzTrustList", dependencies: ["FuzzTrustList"], path: "Tests/Fuzz/Harness/TrustList", swiftSettings: library),
    ]
    // Of the server only what a trust list needs: instrumented, the whole would be built anew with everything that it rests on.
    let needed: [String: [String]] = [
        "Registry": [
            "Identity/Assertions.swift", "Identity/Assurance.swift", "Identity/AuthorityBook.swift", "Identity/BoundedPattern.swift",
            "Identity/CitizenIdentifier.swift", "Identity/IdentityProfile.swift", "Identity/StrictDecoding.swift",
            "Identity/UnifiedSocialCreditCode.swift", "LegalPersons/LegalPersons.swift", "Storage/Duration+TimeInterval.swift",
        ],
        "IdentityServer": [
            "Configuration/BoundedFile.swift", "Configuration/DecodingError+Explanation.swift", "Configuration/FileStamp.swift",
            "Configuration/LocatedYAML.swift", "Configuration/Secret.swift", "Configuration/StrictYAML.swift",
            "Configuration/TimeSpan.swift", "Configuration/YAMLAnchors.swift", "Revocation/NamedSources.swift",
            "Revocation/RevocationSources.swift", "Outgoing/SourceAddress.swift", "TrustList/LoadedTrustList.swift",
            "TrustList/TrustListFile.swift", "TrustList/TrustListFile+CA.swift", "TrustList/TrustListReader.swift",
            "TrustList/TrustListReader+Rules.swift", "TrustList/TrustMoment.swift", "Verify/DottedOID.swift", "Verify/Timestamp.swift",
        ],
    ]
    let dependencies: [String: [Target.Dependency]] = [
        "Registry": ["PKI"], "IdentityServer": ["PKI", "Registry", "Directory", .product(name: "Yams", package: "Yams")],
    ]
    for target in package.targets {
        guard let sources = needed[target.name] else { continue }
        (target.sources, target.dependencies, target.resources) = (sources, dependencies[target.name] ?? [], nil)
    }
}
// `make asan`: PKI and its tests alone, as a sanitizer builds everything anew.
if Context.environment["HALLPASS_ONLY_PKI"] != nil {
    package.products = []
    package.targets.removeAll { !["COpenSSL", "PKI", "FuzzEntries", "PKITests"].contains($0.name) }
}
