/// How sure a login is: the `acr` values that this server knows by itself.
package enum Assurance {
    /// `acr` values in discovery. Certificate levels are mapped per CA in the trust list.
    package static let password = "urn:hallpass:acr:password"
    package static let certificate = "urn:hallpass:acr:certificate"
    package static let certificateHardware = "urn:hallpass:acr:certificate-hardware"
    package static let defaultOrder = [password, certificate, certificateHardware]
}
