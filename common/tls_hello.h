/* TLS as it begins in clear: ClientHello and ServerHello (RFC 5246, RFC 8446), from the records of
 * a stream or from the bare handshake that QUIC carries. Pure functions on hostile bytes: nothing
 * past the end is read, and a length that lies makes it no hello. */
#ifndef WEIR_TLS_HELLO_H
#define WEIR_TLS_HELLO_H

#include "cursor.h"

/* All cursors are places in the message; n = 0 where it does not have the field. */
struct tls_hello {
    bool client; /* else a ServerHello */
    bool whole;  /* all of it was there; if not, what follows the end is missing below */
    bool has_sni;
    bool has_alpn;
    uint16_t version;         /* the field of that name */
    struct cursor ciphers;    /* 2 bytes each; of a server one */
    struct cursor extensions; /* type, length and body of each */
    struct cursor sni;        /* the first host name */
    struct cursor alpn;       /* a length byte and a name, each */
    struct cursor versions;   /* supported_versions: 2 bytes each; of a server one */
    struct cursor groups;     /* 2 bytes each */
    struct cursor formats;    /* of points, a byte each */
    struct cursor signatures; /* algorithms, 2 bytes each */
};

enum tls_status {
    TLS_HELLO, /* *h is set */
    TLS_MORE,  /* so far it may become one */
    TLS_NOT,   /* it is none */
};

/* A handshake message with its header of 4 bytes. final: nothing more will come, so that a part of
 * a message is taken, too, if it reaches to the version. */
enum tls_status tls_hello_message(const uint8_t *p, uint32_t n, bool final, struct tls_hello *h);

/* The first message of a stream of records. Where it is spread over several, they are put together
 * in memory, *joined (else NULL), which must stay as long as *h and which the caller frees. */
enum tls_status tls_hello_stream(const uint8_t *p, uint32_t n, bool final, struct tls_hello *h,
                                 uint8_t **joined);

/* Takes the next extension off a copy of `extensions`; false at the end. */
bool tls_next_extension(struct cursor *c, uint16_t *type, struct cursor *body);

/* Takes the next name off a copy of `alpn`; false at the end. */
bool tls_next_name(struct cursor *c, struct cursor *name);

/* Values kept free to be ignored (RFC 8701): 0x?a?a with both halves the same. */
static inline bool tls_is_grease(uint16_t v)
{
    return (v & 0x0f0f) == 0x0a0a && v >> 8 == (v & 0xff);
}

/* The greatest of supported_versions, those of RFC 8701 apart, or where there is none the field;
 * of a server the one it chose. */
uint16_t tls_version(const struct tls_hello *h);

#endif
