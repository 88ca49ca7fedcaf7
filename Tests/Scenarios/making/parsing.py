"""A third opinion about bytes: PyPI's `cryptography`, whose DER parser is strict."""
from cryptography import x509


def fault(pem):
    """Why it does not parse; None if it does."""
    try:
        one = x509.load_pem_x509_certificate(pem.encode())
        for name in ("version", "serial_number", "issuer", "subject", "not_valid_before_utc", "not_valid_after_utc", "extensions",
                     "signature_algorithm_oid"):
            getattr(one, name)
        return None
    except Exception as error:  # Its parser raises whatever fits: each means that it does not take the bytes.
        return str(error) or type(error).__name__


def key_identifiers_differ(certificate, issuer):
    """The certificate's authorityKeyIdentifier names another key than its issuer's certificate does. False where one does not parse."""
    if fault(certificate) or fault(issuer):
        return False
    one, other = (x509.load_pem_x509_certificate(pem.encode()).extensions for pem in (certificate, issuer))
    try:
        return (one.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
                != other.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest)
    except x509.ExtensionNotFound:
        return True
