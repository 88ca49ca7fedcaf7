#ifndef CLDAP_H
#define CLDAP_H

// libldap (RFC 4511 client), and what Swift cannot import of it: option macros that are casts, and variadic or sockbuf calls.
#include <ldap.h>
#include <stddef.h>

/// Options every handle gets before its first connection. Times are in milliseconds. Returns an LDAP result code.
int cldap_set_limits(LDAP *handle, int timeout_milliseconds, size_t largest_message);

/// TLS 1.2 or later, the server's certificate demanded and checked against `authority_file` (NULL: the system's). Returns a result code.
int cldap_set_tls(LDAP *handle, const char *authority_file);

/// A simple bind (RFC 4513 §5.1.3). Returns the result code.
int cldap_simple_bind(LDAP *handle, const char *dn, const char *password, size_t password_length);

#endif
