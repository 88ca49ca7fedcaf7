import ArgumentParser
import Foundation
import IdentityServer

/// `hallpass verify`: one certificate, or a line of JSON for each with `--batch`.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find and validate a certificate's path, and say what was checked or why it failed.")

    @Option(help: ArgumentHelp("PEM anchors, a folder of them, or the server's trust list.", valueName: "file-or-folder"))
    var trust: String?
    @Option(
        help: ArgumentHelp("A CRL; the revocation of every certificate but the anchor is then required to be known.", valueName: "file"))
    var crl: [String] = []
    @Option(help: ArgumentHelp("CA certificates that paths may lead over.", valueName: "file"))
    var intermediate: [String] = []
    @Option(help: ArgumentHelp("The moment to judge at; now if absent.", valueName: "RFC 3339 time"))
    var at: String?
    @Option(help: "client, server or any.")
    var purpose: VerificationPurpose = .client
    @Option(help: ArgumentHelp("An acceptable certificate policy.", valueName: "OID"))
    var policy: [String] = []
    @Flag(help: "Require an acceptable policy.")
    var explicitPolicy = false
    @Flag(help: "Do not follow policy mappings.")
    var inhibitPolicyMapping = false
    @Flag(help: "Do not count anyPolicy.")
    var inhibitAnyPolicy = false
    @Flag(help: "Print JSON.")
    var json = false
    @Flag(help: "Read one JSON object a line from standard input and write one a line.")
    var batch = false
    @Argument(help: ArgumentHelp("The certificate, PEM or DER.", valueName: "certificate"))
    var certificate: String?

    func validate() throws {
        if batch {
            guard certificate == nil, trust == nil else { throw ValidationError("--batch takes everything from standard input.") }
            return
        }
        guard trust != nil else { throw ValidationError("--trust is missing.") }
        guard certificate != nil else { throw ValidationError("The certificate is missing.") }
        if let at, !Verification.isTime(at) { throw ValidationError("--at takes an RFC 3339 time such as 2026-11-21T08:00:00Z.") }
        if let wrong = policy.first(where: { !DottedOID.isOne($0) }) {
            throw ValidationError("--policy \(wrong) is not an OID.")
        }
    }

    func run() throws {
        guard !batch else { return try runBatch() }
        guard let trust, let certificate else { return }
        var verification = Verification(trust: trust, certificate: certificate)
        verification.revocationLists = crl
        verification.intermediates = intermediate
        verification.at = at
        verification.purpose = purpose
        verification.policies = policy
        verification.requiresPolicy = explicitPolicy
        verification.inhibitsPolicyMapping = inhibitPolicyMapping
        verification.inhibitsAnyPolicy = inhibitAnyPolicy
        let report: Verification.Report
        do {
            report = try verification.run()
        } catch {
            Self.complain("\(error)")
            throw ExitCode(1)
        }
        if let refusal = report.refusal { Self.complain("\(refusal)") }
        print(json ? report.json : report.text)
        if report.refusal != nil { throw ExitCode(1) }
    }

    private func runBatch() throws {
        var lines = LineReader(read: Self.available)
        let verifier = BatchVerifier()
        while let line = try lines.next() {
            let answer: [UInt8]
            switch line {
            case .complete(let bytes): answer = verifier.answer(bytes)
            case .tooLong: answer = verifier.refuse("the line is too long")
            }
            try FileHandle.standardOutput.write(contentsOf: Data(answer + [0x0A]))
        }
    }

    /// What standard input has by now, waiting for the first byte only: FileHandle's read(upToCount:) waits for all of them, and whoever asks
    /// line by line would never get an answer.
    private static func available(_ count: Int) throws -> Data? {
        var bytes = [UInt8](repeating: 0, count: count)
        while true {
            let got = bytes.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if got >= 0 { return Data(bytes[..<got]) }
            guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        }
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}

extension VerificationPurpose: ExpressibleByArgument {}
