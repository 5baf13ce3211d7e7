/* The little cryptography that facts in clear need, by libcrypto. Nothing here is a secret: QUIC's
 * first keys are for everybody to derive. Each call stands for itself, so that threads can call at
 * the same time. Without libcrypto crypto_there() is false and so is every other answer. */
#ifndef WEIR_CRYPTO_H
#define WEIR_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool crypto_there(void);

enum { SHA256_BYTES = 32, MD5_BYTES = 16, AES128_BYTES = 16, GCM_TAG_BYTES = 16 };

bool crypto_sha256(const void *p, size_t n, uint8_t digest[SHA256_BYTES]);
bool crypto_md5(const void *p, size_t n, uint8_t digest[MD5_BYTES]);

/* HMAC with SHA-256; HKDF (RFC 5869) is made of it. */
bool crypto_hmac_sha256(const void *key, size_t key_n, const void *p, size_t n,
                        uint8_t mac[SHA256_BYTES]);

/* One block of AES-128. */
bool crypto_aes128(const uint8_t key[AES128_BYTES], const uint8_t in[AES128_BYTES],
                   uint8_t out[AES128_BYTES]);

/* Opens n bytes of AES-128-GCM, its tag of GCM_TAG_BYTES at their end, into out (n - GCM_TAG_BYTES
 * bytes). False where they are not what the key, the nonce of 12 bytes and the header sealed. */
bool crypto_open_gcm(const uint8_t key[AES128_BYTES], const uint8_t nonce[12],
                     const uint8_t *header, size_t header_n, const uint8_t *p, size_t n,
                     uint8_t *out);

#endif
