/* Facts of DNS: the first question of a flow and the answer to it. */
#include "cursor.h"
#include "dns_message.h"
#include "facts_parts.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { ANSWERS_MOST = 16 };

/* Labels with dots between; a dot or semicolon in a label is escaped. */
static void add_name(struct fact_text *t, const struct dns_name *name)
{
    if (name->n == 0)
        fact_text_add(t, (const uint8_t *)".", 1, "");
    for (uint32_t at = 0; at < name->n; at += name->labels[at] + 1U) {
        if (at > 0)
            fact_text_add(t, (const uint8_t *)".", 1, "");
        fact_text_add(t, name->labels + at + 1, name->labels[at], ".;");
    }
}

static void add_words(struct fact_text *t, const char *words)
{
    fact_text_add(t, (const uint8_t *)words, strlen(words), "");
}

static void type_text(uint16_t type, char text[16])
{
    const char *const name = dns_type_name(type);

    if (name)
        (void)snprintf(text, 16, "%s", name);
    else
        (void)snprintf(text, 16, "TYPE%u", (unsigned)type);
}

/* Numbers before the name of a record's data: MX has one, SRV three. */
static bool add_named(struct fact_text *t, const struct dns_message *m, const struct dns_record *r,
                      unsigned numbers)
{
    struct dns_name name;
    uint32_t at = r->data + 2 * numbers;

    if (r->n < 2 * numbers || !dns_name_at(m, &at, &name))
        return false;
    for (const uint8_t *p = m->p + r->data; numbers > 0; numbers--, p += 2) {
        char text[8];
        (void)snprintf(text, sizeof text, "%u ", (unsigned)be16(p));
        add_words(t, text);
    }
    add_name(t, &name);
    return true;
}

static void add_strings(struct fact_text *t, const uint8_t *p, uint32_t n)
{
    struct cursor c = {p, n};
    const uint8_t *length;

    while ((length = cursor_take(&c, 1)) != NULL) {
        const uint32_t k = *length < c.left ? *length : c.left;
        fact_text_add(t, c.p, k, ";");
        (void)cursor_skip(&c, k);
    }
}

static void add_answer(struct fact_text *t, const struct dns_message *m, const struct dns_record *r)
{
    enum { A = 1, NS = 2, CNAME = 5, PTR = 12, MX = 15, TXT = 16, AAAA = 28, SRV = 33, DNAME = 39 };
    char text[INET6_ADDRSTRLEN];
    const uint8_t *const data = m->p + r->data;
    bool known = false;

    if ((r->type == A && r->n == 4) || (r->type == AAAA && r->n == 16)) {
        (void)inet_ntop(r->type == A ? AF_INET : AF_INET6, data, text, sizeof text);
        add_words(t, text);
        known = true;
    } else if (r->type == NS || r->type == CNAME || r->type == PTR || r->type == DNAME) {
        known = add_named(t, m, r, 0);
    } else if (r->type == MX || r->type == SRV) {
        known = add_named(t, m, r, r->type == MX ? 1 : 3);
    } else if (r->type == TXT) {
        add_strings(t, data, r->n);
        known = true;
    }
    if (!known) {
        type_text(r->type, text);
        add_words(t, text);
    }
}

static void put_answers(struct part_facts *f, const struct given *g, const struct dns_message *m)
{
    const char *const rcode = dns_rcode_name(m->rcode);
    uint32_t at = m->records;
    struct dns_record r;
    struct fact_text t;
    char text[16];

    (void)snprintf(text, sizeof text, "RCODE%u", (unsigned)m->rcode);
    facts_put(f, g, F_DNS_RCODE, rcode ? rcode : text);
    (void)snprintf(text, sizeof text, "%u", (unsigned)m->answers);
    facts_put(f, g, F_DNS_ANSWER_COUNT, text);
    if (!facts_want(g, F_DNS_ANSWERS) || at == 0)
        return;
    t.n = 0;
    for (unsigned i = 0; i < m->answers && i < ANSWERS_MOST && dns_record_at(m, &at, &r); i++) {
        if (i > 0)
            add_words(&t, ";");
        add_answer(&t, m, &r);
    }
    facts_put_text(f, g, F_DNS_ANSWERS, &t);
}

static void put_question(struct part_facts *f, const struct given *g, const struct dns_message *m)
{
    struct fact_text t;
    char type[16];

    t.n = 0;
    add_name(&t, &m->name);
    facts_put_text(f, g, F_DNS_QNAME, &t);
    type_text(m->type, type);
    facts_put(f, g, F_DNS_QTYPE, type);
}

static bool same_question(const struct facts *asked, const struct dns_message *m)
{
    return asked->dns_id == m->id && (!m->has_question || m->type == asked->dns_type);
}

enum look look_dns(struct part_facts *f, const struct given *g, uint32_t wire)
{
    struct dns_message m;

    if (!g->dns_port || !dns_parse(g->p, g->n, wire, &m))
        return LOOK_NOTHING;
    facts_put(f, g, F_APP_PROTOCOL, "dns");
    struct facts *const asked = facts_of(f);
    if (!asked->dns_asked && m.has_question) {
        asked->dns_asked = true;
        asked->dns_id = m.id;
        asked->dns_type = m.type;
        put_question(f, g, &m);
    }
    if (!m.response || (asked->dns_asked && !same_question(asked, &m)))
        return LOOK_ON;
    put_answers(f, g, &m);
    return asked->dns_asked ? LOOK_FOUND : LOOK_ON; /* mDNS also answers where nobody asked */
}

/* In a stream, behind its length. */
enum look look_dns_stream(struct part_facts *f, const struct given *g)
{
    struct given message = *g;

    if (!g->dns_port)
        return LOOK_NOTHING;
    if (g->n < 2)
        return LOOK_MORE;
    const uint32_t wire = be16(g->p);
    if (wire > g->n - 2 && g->n < ASSEMBLY_BYTES && !g->final)
        return LOOK_MORE;
    message.p += 2;
    message.n = wire < g->n - 2 ? wire : g->n - 2;
    const enum look look = look_dns(f, &message, wire);
    return look == LOOK_NOTHING ? look : LOOK_FOUND;
}
