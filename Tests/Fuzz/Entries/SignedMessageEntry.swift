import PKI

/// A signed challenge (CMS SignedData). What verifies is only over `content`, which the seeds were made with.
enum SignedMessageEntry {
    static let content = Array("hallpass fuzzing".utf8)

    static func run(_ bytes: [UInt8]) throws(Finding) {
        do throws(Refusal) {
            let signer = try SignedMessage.verify(cms: bytes, content: content)
            _ = (signer.certificate.subject.description, signer.intermediates.count)
        } catch {
            let isExpected = [.certificateMalformed, .signatureInvalid, .algorithmNotPermitted].contains(error.code)
            return try require(isExpected, "a message refused with \(error)")
        }
        let other = try? SignedMessage.verify(cms: bytes, content: content + [0])
        try require(other == nil, "one message verifies over two contents")
    }
}
