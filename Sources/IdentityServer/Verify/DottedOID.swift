import PKI

/// An OID as people write it: `2.16.840.1.101.3.2.1.48.1`.
package enum DottedOID {
    package static func isOne(_ text: String) -> Bool {
        var request = ValidationRequest()
        return request.accept(policies: [text])
    }
}
