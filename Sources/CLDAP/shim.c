#include "cldap.h"
#include <sys/time.h>

int cldap_set_limits(LDAP *handle, int timeout_milliseconds, size_t largest_message) {
    int version = LDAP_VERSION3;
    struct timeval timeout = {timeout_milliseconds / 1000, (timeout_milliseconds % 1000) * 1000};
    ber_len_t largest = largest_message;
    Sockbuf *buffer = NULL;
    int code;
    if ((code = ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version)) != LDAP_OPT_SUCCESS) return code;
    // A referral would send our bind to a server of somebody else's choosing.
    if ((code = ldap_set_option(handle, LDAP_OPT_REFERRALS, LDAP_OPT_OFF)) != LDAP_OPT_SUCCESS) return code;
    // An interrupted wait must not be resumed without end.
    if ((code = ldap_set_option(handle, LDAP_OPT_RESTART, LDAP_OPT_OFF)) != LDAP_OPT_SUCCESS) return code;
    if ((code = ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &timeout)) != LDAP_OPT_SUCCESS) return code;
    if ((code = ldap_set_option(handle, LDAP_OPT_TIMEOUT, &timeout)) != LDAP_OPT_SUCCESS) return code;
    if ((code = ldap_get_option(handle, LDAP_OPT_SOCKBUF, &buffer)) != LDAP_OPT_SUCCESS) return code;
    if (ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &largest) != 1) return LDAP_LOCAL_ERROR;
    return LDAP_SUCCESS;
}

int cldap_set_tls(LDAP *handle, const char *authority_file) {
    int demand = LDAP_OPT_X_TLS_DEMAND, oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2, as_client = 0, code;
    if (authority_file) {
        // Only this file: a directory of CAs set in ldap.conf must not widen it.
        ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTDIR, NULL);
        if ((code = ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTFILE, authority_file)) != LDAP_OPT_SUCCESS) return code;
    }
    if ((code = ldap_set_option(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand)) != LDAP_OPT_SUCCESS) return code;
    if ((code = ldap_set_option(handle, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest)) != LDAP_OPT_SUCCESS) return code;
    // Options of a handle take effect only in a context of its own.
    return ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &as_client);
}

int cldap_simple_bind(LDAP *handle, const char *dn, const char *password, size_t password_length) {
    struct berval credentials = {password_length, (char *)password};
    return ldap_sasl_bind_s(handle, dn, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, NULL);
}
