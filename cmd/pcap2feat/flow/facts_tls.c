/* Facts of TLS: what ClientHello and ServerHello say. */
#include "facts_parts.h"
#include "ja4.h"

#include <stdio.h>
#include <stdlib.h>

static void put_version(struct part_facts *f, const struct given *g, enum feature_id id,
                        uint16_t version)
{
    char text[8];

    if (version == 0x0300)
        (void)snprintf(text, sizeof text, "ssl3.0");
    else if (version > 0x0300 && version <= 0x0304)
        (void)snprintf(text, sizeof text, "1.%u", (unsigned)(version & 0xff) - 1);
    else
        (void)snprintf(text, sizeof text, "0x%04x", (unsigned)version);
    facts_put(f, g, id, text);
}

void facts_put_alpn(struct part_facts *f, const struct given *g, enum feature_id id,
                    const struct tls_hello *h)
{
    struct cursor list = h->alpn, name;
    struct fact_text t;

    if (!facts_want(g, id))
        return;
    t.n = 0;
    while (tls_next_name(&list, &name))
        fact_text_item(&t, name.p, name.left);
    facts_put_text(f, g, id, &t);
}

static void put_client(struct part_facts *f, const struct given *g, const struct tls_hello *h)
{
    char ja3_text[JA3_SIZE], ja4_text[JA4_SIZE];

    facts_put_bytes(f, g, F_TLS_SNI, h->sni.p, h->sni.left);
    facts_put_alpn(f, g, F_TLS_ALPN, h);
    if (!h->whole)
        return;
    put_version(f, g, F_TLS_VERSION, tls_version(h));
    if (facts_want(g, F_TLS_JA3) && ja3(h, ja3_text))
        facts_put(f, g, F_TLS_JA3, ja3_text);
    if (facts_want(g, F_TLS_JA4) && ja4(h, 't', ja4_text))
        facts_put(f, g, F_TLS_JA4, ja4_text);
}

static void put_server(struct part_facts *f, const struct given *g, const struct tls_hello *h)
{
    char text[JA3_SIZE];

    if (!h->whole)
        return;
    put_version(f, g, F_TLS_SERVER_VERSION, tls_version(h));
    (void)snprintf(text, sizeof text, "0x%04x", (unsigned)be16(h->ciphers.p));
    facts_put(f, g, F_TLS_CIPHER, text);
    facts_put_alpn(f, g, F_TLS_SERVER_ALPN, h);
    if (facts_want(g, F_TLS_JA3S) && ja3(h, text))
        facts_put(f, g, F_TLS_JA3S, text);
}

enum look look_tls(struct part_facts *f, const struct given *g)
{
    struct tls_hello h;
    uint8_t *joined;
    const enum tls_status status = tls_hello_stream(g->p, g->n, g->final, &h, &joined);

    if (status == TLS_HELLO) {
        facts_put(f, g, F_APP_PROTOCOL, "tls");
        if (h.client)
            put_client(f, g, &h);
        else
            put_server(f, g, &h);
    }
    free(joined);
    return status == TLS_HELLO ? LOOK_FOUND : status == TLS_MORE ? LOOK_MORE : LOOK_NOTHING;
}
