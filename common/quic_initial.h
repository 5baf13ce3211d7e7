/* QUIC's first packets, whose keys everybody can derive (RFC 9001, RFC 9369): the ClientHello out
 * of the CRYPTO frames of a client's Initial packets. Hostile bytes: nothing past the end is read,
 * and what does not open is not looked into. */
#ifndef WEIR_QUIC_INITIAL_H
#define WEIR_QUIC_INITIAL_H

#include "assembly.h"
#include "crypto.h"
#include "cursor.h"

enum { QUIC_V1 = 0x00000001, QUIC_V2 = 0x6b3343cf, QUIC_ID_MOST = 20 };

/* A packet with a long header of a version that is known: 1, 2, the drafts from 22 on, and three
 * of Facebook's that follow these. */
struct quic_packet {
    const uint8_t *p;
    uint32_t n;      /* bytes of the packet; others may follow in the datagram */
    uint32_t number; /* where the packet number begins */
    uint32_t version;
    bool initial;              /* else a packet of another type, of which number says nothing */
    struct cursor destination; /* connection ID */
};

/* The packet at the front of a datagram. False where it is none. */
bool quic_packet_at(const uint8_t *p, uint32_t n, struct quic_packet *q);

struct quic_keys {
    uint8_t key[AES128_BYTES], header[AES128_BYTES], nonce[12];
};

/* Those of the client's Initial packets by the connection ID that its first one went to. */
bool quic_client_keys(uint32_t version, struct cursor destination, struct quic_keys *k);

/* Opens an Initial packet into text, which has room for q->n bytes; the bytes of it, 0 where it
 * does not open. */
uint32_t quic_open(const struct quic_keys *k, const struct quic_packet *q, uint8_t *text);

/* What a client sends first, put together over datagrams. Starts zeroed, freed by
 * quic_hello_free().
 */
struct quic_hello {
    bool has_keys;
    uint32_t version; /* of the last packet that opened */
    struct quic_keys keys;
    struct assembly crypto;
};

void quic_hello_free(struct quic_hello *h);

/* Adds the CRYPTO frames of an opened packet; false where a frame may not stand in it. */
bool quic_hello_frames(struct quic_hello *h, const uint8_t *p, uint32_t n);

/* Adds the Initial packets of a datagram; true where one of them opened. A packet that the keys at
 * hand do not open is tried with those of its own connection ID (the first one, or after a Retry).
 */
bool quic_hello_take(struct quic_hello *h, const uint8_t *p, uint32_t n);

#endif
