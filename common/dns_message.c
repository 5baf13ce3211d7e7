#include "dns_message.h"

#include "wire.h"

#include <stddef.h>
#include <string.h>

enum { HEADER = 12, LEAST_QUESTION = 5, LEAST_RECORD = 11, MOST_OPCODE = 6 };

bool dns_name_at(const struct dns_message *m, uint32_t *at, struct dns_name *name)
{
    uint32_t here = *at, least = *at; /* pointers go to before `least` */
    bool jumped = false;

    name->n = 0;
    for (;;) {
        if (here >= m->n)
            return false;
        const uint8_t length = m->p[here];
        if (length >= 0xc0) {
            if (m->n - here < 2)
                return false;
            const uint32_t to = be16(m->p + here) & 0x3fffU;
            if (to >= least)
                return false;
            if (!jumped)
                *at = here + 2;
            jumped = true;
            here = least = to;
            continue;
        }
        if (length > 63 || length >= m->n - here || name->n + length + 1U > DNS_NAME_MOST - 1)
            return false;
        here += length + 1U;
        if (length == 0)
            break;
        memcpy(name->labels + name->n, m->p + here - length - 1, length + 1U);
        name->n += length + 1U;
    }
    if (!jumped)
        *at = here;
    return true;
}

bool dns_record_at(const struct dns_message *m, uint32_t *at, struct dns_record *r)
{
    struct dns_name name;

    if (!dns_name_at(m, at, &name) || m->n - *at < 10)
        return false;
    r->type = be16(m->p + *at);
    r->n = be16(m->p + *at + 8);
    r->data = *at + 10;
    if (r->n > m->n - r->data)
        return false;
    *at = r->data + r->n;
    return true;
}

/* The questions, of which the first one is kept; false where they are not all there. */
static bool pass_questions(struct dns_message *m, uint32_t *at)
{
    for (unsigned i = 0; i < m->questions; i++) {
        struct dns_name name;
        if (!dns_name_at(m, at, &name) || m->n - *at < 4)
            return false;
        if (i == 0) {
            m->has_question = true;
            m->name = name;
            m->type = be16(m->p + *at);
        }
        *at += 4;
    }
    return true;
}

bool dns_parse(const uint8_t *p, uint32_t n, uint32_t wire, struct dns_message *m)
{
    uint32_t at = HEADER, first = HEADER;
    struct dns_record r;

    if (n < HEADER || wire < n)
        return false;
    const uint32_t records = (uint32_t)be16(p + 6) + be16(p + 8) + be16(p + 10);
    m->p = p;
    m->n = n;
    m->id = be16(p);
    m->response = p[2] >> 7;
    m->rcode = p[3] & 15;
    m->questions = be16(p + 4);
    m->answers = be16(p + 6);
    m->has_question = false;
    m->type = 0;
    m->records = 0;
    if ((p[2] >> 3 & 15) > MOST_OPCODE || m->questions + records == 0 ||
        (uint64_t)m->questions * LEAST_QUESTION + (uint64_t)records * LEAST_RECORD > wire - HEADER)
        return false;
    if (pass_questions(m, &at))
        m->records = first = at;
    else
        return n < wire;
    return m->questions > 0 || n < wire || dns_record_at(m, &first, &r);
}

const char *dns_type_name(uint16_t type)
{
    static const struct {
        uint16_t type;
        const char *name;
    } all[] = {{1, "A"},      {2, "NS"},     {5, "CNAME"},  {6, "SOA"},     {10, "NULL"},
               {12, "PTR"},   {13, "HINFO"}, {15, "MX"},    {16, "TXT"},    {28, "AAAA"},
               {33, "SRV"},   {35, "NAPTR"}, {39, "DNAME"}, {41, "OPT"},    {43, "DS"},
               {44, "SSHFP"}, {46, "RRSIG"}, {47, "NSEC"},  {48, "DNSKEY"}, {50, "NSEC3"},
               {52, "TLSA"},  {64, "SVCB"},  {65, "HTTPS"}, {250, "TSIG"},  {251, "IXFR"},
               {252, "AXFR"}, {255, "ANY"},  {257, "CAA"}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].type == type)
            return all[i].name;
    return NULL;
}

const char *dns_rcode_name(uint8_t rcode)
{
    static const char *const names[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                        "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                        "NXRRSET", "NOTAUTH", "NOTZONE"};

    return rcode < sizeof names / sizeof *names ? names[rcode] : NULL;
}
