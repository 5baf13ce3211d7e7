#include "hints.h"

#include "feature.h"
#include "intern.h"
#include "mem.h"
#include "num.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum hint { HINT_SERVER, HINT_PROTOCOL, HINT_PORT, HINT_KINDS };

enum { SERVERS = 3 }; /* columns that may hold the server's name */

struct hints {
    struct intern *texts;
    uint32_t *rows; /* HINT_KINDS a row: a text, or INTERN_NONE */
    size_t n, cap;
    long servers[SERVERS], protocol, proto, port; /* columns, or TABLE_NONE */
};

struct hints *hints_new(const struct table *t)
{
    static const enum feature_id servers[SERVERS] = {F_TLS_SNI, F_QUIC_SNI, F_HTTP_HOST};
    struct hints *const h = mem_zero(1, sizeof *h);

    h->texts = intern_new();
    for (size_t i = 0; i < SERVERS; i++)
        h->servers[i] = table_find(t, feature_at(servers[i])->name);
    h->protocol = table_find(t, feature_at(F_APP_PROTOCOL)->name);
    h->proto = table_find(t, feature_at(F_PROTO)->name);
    h->port = table_find(t, feature_at(F_DST_PORT)->name);
    return h;
}

void hints_free(struct hints *h)
{
    if (!h)
        return;
    intern_free(h->texts);
    free(h->rows);
    free(h);
}

static struct span field_of(const struct table *t, long column)
{
    return column == TABLE_NONE ? (struct span){"", 0} : table_field(t, (size_t)column);
}

/* Whether it is made of letters, digits, '-', '_' and '.', and not of digits and '.' alone. */
static bool is_name(struct span s)
{
    bool letter = false;

    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];
        if (c >= 128 || (!isalnum(c) && c != '-' && c != '_' && c != '.'))
            return false;
        letter |= isalpha(c) != 0;
    }
    return letter;
}

/* Where the label that ends before `end` begins. */
static size_t label_before(struct span s, size_t end)
{
    while (end > 0 && s.p[end - 1] != '.')
        end--;
    return end;
}

struct span hints_domain(struct span host)
{
    const char *const colon = memchr(host.p, ':', host.n);
    struct span s = {host.p, colon ? (size_t)(colon - host.p) : host.n};

    while (s.n > 0 && s.p[s.n - 1] == '.')
        s.n--;
    if (!is_name(s))
        return (struct span){host.p, 0};
    const size_t last = label_before(s, s.n);
    if (last == 0)
        return s;
    size_t from = label_before(s, last - 1);
    if (from > 0 && s.n - last == 2 && last - 1 - from <= 3)
        from = label_before(s, from - 1);
    return (struct span){s.p + from, s.n - from};
}

static uint32_t text_of(struct hints *h, struct span s)
{
    return s.n > 0 ? intern_add(h->texts, s) : INTERN_NONE;
}

static const char *protocol_name(uint64_t number)
{
    switch (number) {
    case 1:
        return "icmp";
    case 6:
        return "tcp";
    case 17:
        return "udp";
    case 58:
        return "icmp6";
    default:
        return NULL;
    }
}

static uint32_t port_of(struct hints *h, const struct table *t)
{
    const struct span proto = field_of(t, h->proto), port = field_of(t, h->port);
    uint64_t protocol, number;
    char text[64];

    if (num_u64(proto.p, proto.n, &protocol) != NUM_OK)
        return INTERN_NONE;
    const char *const name = protocol_name(protocol);
    int n = name ? snprintf(text, sizeof text, "%s", name)
                 : snprintf(text, sizeof text, "ip-%llu", (unsigned long long)protocol);
    if (num_u64(port.p, port.n, &number) == NUM_OK && number > 0)
        n += snprintf(text + n, sizeof text - (size_t)n, "-%llu", (unsigned long long)number);
    return text_of(h, (struct span){text, (size_t)n});
}

void hints_row(struct hints *h, const struct table *t)
{
    struct span server = {"", 0}, protocol = field_of(t, h->protocol);

    for (size_t i = 0; i < SERVERS && server.n == 0; i++)
        server = hints_domain(field_of(t, h->servers[i]));
    h->rows = mem_grow(h->rows, &h->cap, (h->n + 1) * HINT_KINDS, sizeof *h->rows);
    uint32_t *const row = h->rows + h->n++ * HINT_KINDS;
    row[HINT_SERVER] = text_of(h, server);
    row[HINT_PROTOCOL] = is_name(protocol) ? text_of(h, protocol) : INTERN_NONE;
    row[HINT_PORT] = port_of(h, t);
}

/* The text that at least half of the cluster's rows have, or NULL. */
static const char *common(const struct hints *h, const uint32_t *cluster, uint32_t number,
                          enum hint kind)
{
    const size_t texts = intern_count(h->texts);
    size_t *const count = mem_zero(texts, sizeof *count);
    size_t rows = 0, best = 0;

    for (size_t i = 0; i < h->n; i++) {
        if (cluster[i] != number)
            continue;
        const uint32_t text = h->rows[i * HINT_KINDS + kind];
        rows++;
        if (text != INTERN_NONE && ++count[text] > count[best])
            best = text;
    }
    const bool found = texts > 0 && count[best] > 0 && 2 * count[best] >= rows;
    free(count);
    return found ? intern_text(h->texts, (uint32_t)best) : NULL;
}

const char *hints_name(const struct hints *h, const uint32_t *cluster, uint32_t number)
{
    for (int kind = 0; kind < HINT_KINDS; kind++) {
        const char *const text = common(h, cluster, number, (enum hint)kind);
        if (text)
            return text;
    }
    return HINTS_NONE;
}
