/* The peer of `make bench`: OpenSSL's X509_verify_cert on the chains and meshes that ours is given. One JSON object a line.
   Usage: openssl-verify path|once ANCHORS.pem POOL.pem LEAF.pem
   `path` gives the median microseconds of CPU of a call, `once` those of one call and what it says. */
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCHES = 41, CALLS = 50 };

typedef struct {
    unsigned char *der;
    int length;
} bytes;

static STACK_OF(X509) *read_certificates(const char *path) {
    STACK_OF(X509) *list = sk_X509_new_null();
    FILE *file = fopen(path, "r");
    X509 *one;
    while (file && (one = PEM_read_X509(file, NULL, NULL, NULL))) sk_X509_push(list, one);
    if (file) fclose(file);
    return list;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static X509_STORE *store_of(STACK_OF(X509) *anchors) {
    X509_STORE *store = X509_STORE_new();
    for (int i = 0; i < sk_X509_num(anchors); i++) X509_STORE_add_cert(store, sk_X509_value(anchors, i));
    return store;
}

/* X509_V_OK or why not. */
static int verify(X509_STORE *store, X509 *leaf, STACK_OF(X509) *pool) {
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, leaf, pool);
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT);
    int ok = X509_verify_cert(context), error = X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    return ok == 1 ? X509_V_OK : error == X509_V_OK ? X509_V_ERR_UNSPECIFIED : error;
}

static bytes encoded(X509 *certificate) {
    bytes result = {NULL, 0};
    result.length = i2d_X509(certificate, &result.der);
    return result;
}

static X509 *parsed(bytes from) {
    const unsigned char *at = from.der;
    return d2i_X509(NULL, &at, from.length);
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static STACK_OF(X509) *anchors, *pool;
static X509 *leaf;
static X509_STORE *store;
static bytes root_bytes, middle_bytes, leaf_bytes;

static int with_parsed_leaf(void) { return verify(store, leaf, pool); }

static int with_der(void) {
    X509 *each = parsed(leaf_bytes);
    int error = verify(store, each, pool);
    X509_free(each);
    return error;
}

static int cold(void) {
    X509 *root = parsed(root_bytes), *each = parsed(leaf_bytes);
    STACK_OF(X509) *roots = sk_X509_new_null(), *untrusted = sk_X509_new_null();
    sk_X509_push(roots, root);
    sk_X509_push(untrusted, parsed(middle_bytes));
    X509_STORE *fresh = store_of(roots);
    int error = verify(fresh, each, untrusted);
    X509_STORE_free(fresh);
    sk_X509_pop_free(untrusted, X509_free);
    sk_X509_pop_free(roots, X509_free);
    X509_free(each);
    return error;
}

static void measure(const char *name, int (*call)(void)) {
    double medians[BATCHES];
    for (int batch = 0; batch < BATCHES; batch++) {
        double start = now();
        for (int i = 0; i < CALLS; i++)
            if (call() != X509_V_OK) exit(1);
        medians[batch] = (now() - start) / CALLS;
    }
    qsort(medians, BATCHES, sizeof *medians, compare);
    printf("{\"name\": \"%s\", \"micros\": %f}\n", name, medians[BATCHES / 2]);
}

int main(int count, char **arguments) {
    if (count != 5) return 64;
    anchors = read_certificates(arguments[2]);
    pool = read_certificates(arguments[3]);
    leaf = sk_X509_value(read_certificates(arguments[4]), 0);
    if (!leaf || sk_X509_num(anchors) < 1) return 1;
    store = store_of(anchors);
    if (strcmp(arguments[1], "once") == 0) {
        double start = now();
        int error = with_parsed_leaf();
        printf("{\"name\": \"once\", \"micros\": %f, \"outcome\": \"%s\"}\n", now() - start, error == X509_V_OK ? "accepted" : X509_verify_cert_error_string(error));
        return 0;
    }
    root_bytes = encoded(sk_X509_value(anchors, 0));
    middle_bytes = encoded(sk_X509_value(pool, 0));
    leaf_bytes = encoded(leaf);
    measure("leaf parsed", with_parsed_leaf);
    measure("leaf's DER parsed", with_der);
    measure("cold", cold);
    return 0;
}
