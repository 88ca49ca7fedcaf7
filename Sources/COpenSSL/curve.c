#include "curve.h"
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <pthread.h>
#include <string.h>

// Making a group takes three times as long as everything else that makes a key: one of each curve is kept, and copied.
enum { MOST_CURVES = 8 };
static struct {
    char type[8], group[16];
    EVP_PKEY *domain;
} curves[MOST_CURVES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static EVP_PKEY *make_domain(const char *type, const char *group) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)group, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1
        || EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEY_PARAMETERS, parameters) != 1) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

// A key of this curve without a point, kept for the life of the process and never changed. NULL for a curve that OpenSSL does not have.
static const EVP_PKEY *domain_of(const char *type, const char *group) {
    if (strlen(type) >= sizeof curves[0].type || strlen(group) >= sizeof curves[0].group) return NULL;
    const EVP_PKEY *found = NULL;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MOST_CURVES && found == NULL; i++) {
        if (curves[i].domain == NULL) {
            if ((curves[i].domain = make_domain(type, group)) == NULL) break;
            strcpy(curves[i].type, type);
            strcpy(curves[i].group, group);
        }
        if (strcmp(curves[i].type, type) == 0 && strcmp(curves[i].group, group) == 0) found = curves[i].domain;
    }
    pthread_mutex_unlock(&lock);
    return found;
}

EVP_PKEY *hp_curve_public_key(const char *type, const char *group, const uint8_t *point, size_t point_length) {
    // One octet is the point at infinity (SEC 1 §2.3.3), which is nobody's key.
    const EVP_PKEY *domain = point_length < 2 ? NULL : domain_of(type, group);
    EVP_PKEY *key = domain == NULL ? NULL : EVP_PKEY_dup((EVP_PKEY *)domain);
    if (key != NULL && EVP_PKEY_set1_encoded_public_key(key, point, point_length) != 1) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    ERR_clear_error();
    return key;
}
