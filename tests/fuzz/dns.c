/* DNS messages. Input: bytes that were not captured (1 byte), then the message. */
#include "dns_message.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

static void check_name(const struct dns_name *name)
{
    uint32_t at = 0;

    while (at < name->n)
        at += name->labels[at] + 1U;
    if (at != name->n || name->n >= DNS_NAME_MOST)
        abort();
}

/* Goes over all that there is, and takes the data of each record for a name as well. */
static void check(const struct dns_message *m)
{
    uint32_t at = m->records;
    struct dns_name name;
    struct dns_record r;

    if (m->has_question)
        check_name(&m->name);
    while (at > 0 && at < m->n && dns_record_at(m, &at, &r)) {
        uint32_t data = r.data;
        if (r.data + r.n > m->n || at != r.data + r.n)
            abort();
        if (dns_name_at(m, &data, &name))
            check_name(&name);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct dns_message m;

    if (n < 1 || n > 66000)
        return -1;
    uint8_t *const copy = mem_alloc(n - 1, 1);
    if (n > 1)
        memcpy(copy, data + 1, n - 1);
    if (dns_parse(copy, (uint32_t)n - 1, (uint32_t)n - 1 + data[0], &m))
        check(&m);
    free(copy);
    return 0;
}
