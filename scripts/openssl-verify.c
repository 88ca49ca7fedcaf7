/* The peer of `make bench`: OpenSSL's X509_verify_cert of LEAF over INTERMEDIATE to ROOT, store built once. Prints microseconds a call. */
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

static X509 *read_certificate(const char *path) {
    FILE *file = fopen(path, "r");
    X509 *certificate = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    if (file) fclose(file);
    return certificate;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int verify(X509_STORE *store, X509 *leaf, STACK_OF(X509) *untrusted) {
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, leaf, untrusted);
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT);
    int ok = X509_verify_cert(context);
    X509_STORE_CTX_free(context);
    return ok;
}

int main(int count, char **arguments) {
    if (count != 4) return 64;
    X509 *root = read_certificate(arguments[1]), *intermediate = read_certificate(arguments[2]), *leaf = read_certificate(arguments[3]);
    if (!root || !intermediate || !leaf) return 1;
    X509_STORE *store = X509_STORE_new();
    X509_STORE_add_cert(store, root);
    STACK_OF(X509) *untrusted = sk_X509_new_null();
    sk_X509_push(untrusted, intermediate);
    for (int i = 0; i < 50; i++)
        if (verify(store, leaf, untrusted) != 1) return 1;
    unsigned char *der = NULL;
    int length = i2d_X509(leaf, &der);
    for (int parse = 0; parse < 2; parse++) {
        double start = now();
        int calls = 0;
        while (now() - start < 2e6)
            for (int i = 0; i < 20; i++, calls++) {
                const unsigned char *bytes = der;
                X509 *each = parse ? d2i_X509(NULL, &bytes, length) : leaf;
                if (verify(store, each, untrusted) != 1) return 1;
                if (parse) X509_free(each);
            }
        printf("{\"name\": \"%s\", \"micros\": %f}\n", parse ? "openssl verify, leaf's DER parsed each time" : "openssl verify, leaf parsed",
               (now() - start) / calls);
    }
    return 0;
}
