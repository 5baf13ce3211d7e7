#include "crypto.h"

#ifdef HAVE_CRYPTO

#include <openssl/evp.h>
#include <openssl/hmac.h>

bool crypto_there(void)
{
    return true;
}

bool crypto_sha256(const void *p, size_t n, uint8_t digest[SHA256_BYTES])
{
    return EVP_Digest(p, n, digest, NULL, EVP_sha256(), NULL) == 1;
}

bool crypto_md5(const void *p, size_t n, uint8_t digest[MD5_BYTES])
{
    return EVP_Digest(p, n, digest, NULL, EVP_md5(), NULL) == 1;
}

bool crypto_hmac_sha256(const void *key, size_t key_n, const void *p, size_t n,
                        uint8_t mac[SHA256_BYTES])
{
    return HMAC(EVP_sha256(), key, (int)key_n, p, n, mac, NULL) != NULL;
}

bool crypto_aes128(const uint8_t key[AES128_BYTES], const uint8_t in[AES128_BYTES],
                   uint8_t out[AES128_BYTES])
{
    EVP_CIPHER_CTX *const c = EVP_CIPHER_CTX_new();
    int n = 0;

    const bool ok = c && EVP_EncryptInit_ex(c, EVP_aes_128_ecb(), NULL, key, NULL) == 1 &&
                    EVP_CIPHER_CTX_set_padding(c, 0) == 1 &&
                    EVP_EncryptUpdate(c, out, &n, in, AES128_BYTES) == 1 && n == AES128_BYTES;
    EVP_CIPHER_CTX_free(c);
    return ok;
}

bool crypto_open_gcm(const uint8_t key[AES128_BYTES], const uint8_t nonce[12],
                     const uint8_t *header, size_t header_n, const uint8_t *p, size_t n,
                     uint8_t *out)
{
    uint8_t tag[GCM_TAG_BYTES];
    int got = 0;

    if (n < GCM_TAG_BYTES)
        return false;
    const size_t text = n - GCM_TAG_BYTES;
    for (size_t i = 0; i < GCM_TAG_BYTES; i++)
        tag[i] = p[text + i];
    EVP_CIPHER_CTX *const c = EVP_CIPHER_CTX_new();
    const bool ok = c && EVP_DecryptInit_ex(c, EVP_aes_128_gcm(), NULL, key, nonce) == 1 &&
                    EVP_DecryptUpdate(c, NULL, &got, header, (int)header_n) == 1 &&
                    EVP_DecryptUpdate(c, out, &got, p, (int)text) == 1 &&
                    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, GCM_TAG_BYTES, tag) == 1 &&
                    EVP_DecryptFinal_ex(c, out + got, &got) == 1;
    EVP_CIPHER_CTX_free(c);
    return ok;
}

#else

bool crypto_there(void)
{
    return false;
}

bool crypto_sha256(const void *p, size_t n, uint8_t digest[SHA256_BYTES])
{
    (void)p;
    (void)n;
    (void)digest;
    return false;
}

bool crypto_md5(const void *p, size_t n, uint8_t digest[MD5_BYTES])
{
    (void)p;
    (void)n;
    (void)digest;
    return false;
}

bool crypto_hmac_sha256(const void *key, size_t key_n, const void *p, size_t n,
                        uint8_t mac[SHA256_BYTES])
{
    (void)key;
    (void)key_n;
    (void)p;
    (void)n;
    (void)mac;
    return false;
}

bool crypto_aes128(const uint8_t key[AES128_BYTES], const uint8_t in[AES128_BYTES],
                   uint8_t out[AES128_BYTES])
{
    (void)key;
    (void)in;
    (void)out;
    return false;
}

bool crypto_open_gcm(const uint8_t key[AES128_BYTES], const uint8_t nonce[12],
                     const uint8_t *header, size_t header_n, const uint8_t *p, size_t n,
                     uint8_t *out)
{
    (void)key;
    (void)nonce;
    (void)header;
    (void)header_n;
    (void)p;
    (void)n;
    (void)out;
    return false;
}

#endif
