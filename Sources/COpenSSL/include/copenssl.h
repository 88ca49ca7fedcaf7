#ifndef HALLPASS_COPENSSL_H
#define HALLPASS_COPENSSL_H
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include "curve.h"
#include "issue.h"
#include "verify.h"
#endif
