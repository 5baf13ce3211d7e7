#include "values.h"

#include "address.h"
#include "mem.h"
#include "num.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    LIST_HEAD = 3 + 1 + 2 + 2, /* length, semantic, element, its length */
    LIST_PEN = 4,
    ORDERED = FB_LIST_SEM_ORDERED,
    NTP_EPOCH_DAYS = 25567, /* from 1900 to 1970 */
};

struct values {
    const struct plan *plan;
    uint8_t *variants;
    struct value *values;
    uint8_t **room; /* of each field: what a list or a mended text lies in */
    size_t *room_cap;
    bool has_end;
    uint32_t end;
    uint64_t mended;
};

struct values *values_new(const struct plan *p)
{
    struct values *const v = mem_zero(1, sizeof *v);

    v->plan = p;
    v->variants = mem_zero(p->n, 1);
    v->values = mem_zero(p->n, sizeof *v->values);
    v->room = mem_zero(p->n, sizeof *v->room);
    v->room_cap = mem_zero(p->n, sizeof *v->room_cap);
    return v;
}

void values_free(struct values *v)
{
    if (!v)
        return;
    for (size_t i = 0; i < v->plan->n; i++)
        free(v->room[i]);
    free(v->room);
    free(v->room_cap);
    free(v->values);
    free(v->variants);
    free(v);
}

static uint8_t *room(struct values *v, size_t field, size_t n)
{
    v->room[field] = mem_grow(v->room[field], &v->room_cap[field], n, 1);
    return v->room[field];
}

/* An integer of 1, 2, 4 or 8 bytes. */
static void put_integer(uint8_t *to, uint64_t x, size_t size)
{
    switch (size) {
    case 1:
        *to = (uint8_t)x;
        break;
    case 2:
        memcpy(to, &(uint16_t){(uint16_t)x}, 2);
        break;
    case 4:
        memcpy(to, &(uint32_t){(uint32_t)x}, 4);
        break;
    default:
        memcpy(to, &x, 8);
    }
}

/* Seconds since 1900 in the upper half, 2^-32 s in the lower: rounded up, so that whoever rounds
 * down or to the nearest gets the same nanosecond again. */
static uint64_t ntp_time(uint64_t ns)
{
    const uint64_t s = ns / 1000000000 + UINT64_C(86400) * NTP_EPOCH_DAYS;
    const uint64_t fraction = ((ns % 1000000000 << 32) + 999999999) / 1000000000;

    return s << 32 | fraction;
}

static bool read_time(const struct table *t, size_t column, uint64_t *ns, struct err *e)
{
    const struct span text = table_field(t, column);

    return num_time(text.p, text.n, ns) == NUM_OK ||
           table_fail(t, column, e, "is not a time (seconds since the epoch, up to 9 decimals)");
}

static bool read_hex(const struct table *t, size_t column, uint64_t *x, struct err *e)
{
    const struct span text = table_field(t, column);

    *x = 0;
    for (size_t i = 0; i < text.n; i++) {
        const int digit = address_hex_digit(text.p[i]);
        if (digit < 0 || text.n != 16)
            return table_fail(t, column, e, "is not 16 hex digits");
        *x = *x << 4 | (uint64_t)digit;
    }
    return true;
}

/* A short field as a text that ends in NUL; a longer one is cut, and then no address. */
enum { ADDRESS_TEXT = 64 };
static const char *short_text(struct span text, char to[ADDRESS_TEXT])
{
    const size_t n = text.n < ADDRESS_TEXT ? text.n : ADDRESS_TEXT - 1;

    memcpy(to, text.p, n);
    to[n] = '\0';
    return strlen(to) == text.n ? to : "";
}

static bool read_ip(struct values *v, size_t i, const struct table *t, size_t column, struct err *e)
{
    char text[ADDRESS_TEXT];
    struct value *const x = &v->values[i];
    uint8_t version;

    if (!address_parse(short_text(table_field(t, column), text), x->bytes, &version))
        return table_fail(t, column, e, "is not an IP address");
    v->variants[i] = version == 4 ? VARIANT_FIRST : VARIANT_SECOND;
    x->size = version == 4 ? 4 : 16;
    if (version == 4) {
        /* libfixbuf takes an IPv4 address as an integer. */
        uint32_t address = (uint32_t)x->bytes[0] << 24 | (uint32_t)x->bytes[1] << 16 |
                           (uint32_t)x->bytes[2] << 8 | x->bytes[3];
        memcpy(x->bytes, &address, 4);
    }
    return true;
}

static bool read_mac(struct value *x, const struct table *t, size_t column, struct err *e)
{
    char text[ADDRESS_TEXT];

    x->size = 6;
    return address_parse_mac(short_text(table_field(t, column), text), x->bytes) ||
           table_fail(t, column, e, "is not a MAC address");
}

/* RFC 5102: 1 idle, 2 active, 3 end of flow detected, 4 forced end, 5 lack of resources. */
static bool read_reason(struct value *x, const struct table *t, size_t column, struct err *e)
{
    static const struct {
        const char *name;
        uint8_t reason;
    } reasons[] = {{"idle", 1},  {"active", 2}, {"fin", 3},   {"rst", 3},
                   {"first", 4}, {"file", 4},   {"input", 4}, {"cap", 5}};

    x->size = 1;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (span_is(table_field(t, column), reasons[i].name)) {
            x->u8 = reasons[i].reason;
            return true;
        }
    }
    return table_fail(t, column, e,
                      "is no end of a flow (idle, active, fin, rst, cap, first, file, input)");
}

static bool read_integer(struct value *x, const struct field *f, const struct table *t,
                         struct err *e)
{
    uint64_t u;
    bool ok = true;

    switch (f->convert) {
    case CONVERT_NTP:
        ok = read_time(t, f->columns[0], &u, e);
        u = ok ? ntp_time(u) : 0;
        break;
    case CONVERT_MS:
        ok = read_time(t, f->columns[0], &u, e);
        u = ok ? u / 1000000 : 0;
        break;
    case CONVERT_HEX:
        ok = read_hex(t, f->columns[0], &u, e);
        break;
    default:
        ok = table_u64(t, f->columns[0], 0, f->max, &u, e);
    }
    x->size = f->element[0]->len;
    if (ok)
        put_integer(x->bytes, u, x->size);
    return ok;
}

static void read_text(struct values *v, size_t i, struct span text)
{
    struct value *const x = &v->values[i];
    uint8_t *p = (uint8_t *)(uintptr_t)text.p; /* libfixbuf only reads there */
    size_t n = text.n;

    if (!utf8_valid(p, n)) {
        uint8_t *const to = room(v, i, 3 * n);
        n = utf8_mend(p, n, to);
        p = to;
        v->mended++;
    }
    x->text = (fbVarfield_t){.len = n, .buf = p};
    x->size = sizeof x->text;
    x->wire_size = n < 255 ? n + 1 : n + 3;
}

/* A list ends at its first empty place; behind it no other may hold a value. */
static bool read_list(struct values *v, size_t i, const struct table *t, struct err *e)
{
    const struct field *const f = &v->plan->fields[i];
    struct value *const x = &v->values[i];
    const size_t size = f->item->len;
    uint8_t *const to = room(v, i, f->n_columns * size);
    size_t n = 0;

    for (size_t k = 0; k < f->n_columns; k++) {
        uint64_t u;
        if (table_field(t, f->columns[k]).n == 0)
            continue;
        if (n < k)
            return table_fail(t, f->columns[k], e, "stands behind an empty '%s'",
                              table_name(t, f->columns[n]));
        if (!table_u64(t, f->columns[k], 0, f->max, &u, e))
            return false;
        if (f->convert == CONVERT_SIGN)
            u = u ? 1 : UINT64_MAX; /* -1 */
        put_integer(to + n++ * size, u, size);
    }
    x->list = (fbBasicList_t){.infoElement = f->item,
                              .dataPtr = to,
                              .numElements = (uint16_t)n,
                              .dataLength = (uint16_t)(n * size),
                              .semantic = ORDERED};
    x->size = sizeof x->list;
    x->wire_size = (f->item->ent ? LIST_HEAD + LIST_PEN : LIST_HEAD) + n * size;
    return true;
}

static bool read_field(struct values *v, size_t i, const struct table *t, struct err *e)
{
    const struct field *const f = &v->plan->fields[i];
    struct value *const x = &v->values[i];
    bool ok = true;

    v->variants[i] = VARIANT_FIRST;
    x->wire_size = 0;
    if (f->item)
        return read_list(v, i, t, e);
    if (f->convert == CONVERT_ONE) {
        x->u8 = 1;
        x->wire_size = x->size = 1;
        return true;
    }
    const size_t column = f->columns[0];
    const struct span text = table_field(t, column);
    if (f->convert == CONVERT_STRING) {
        read_text(v, i, text);
        return true;
    }
    if (text.n == 0) {
        v->variants[i] = VARIANT_MISSING;
        x->size = 0;
        return true;
    }
    if (f->convert == CONVERT_IP)
        ok = read_ip(v, i, t, column, e);
    else if (f->convert == CONVERT_MAC)
        ok = read_mac(x, t, column, e);
    else if (f->convert == CONVERT_REASON)
        ok = read_reason(x, t, column, e);
    else
        ok = read_integer(x, f, t, e);
    x->wire_size = x->size;
    return ok;
}

static bool read_end(struct values *v, const struct table *t, struct err *e)
{
    uint64_t ns;

    v->has_end = v->plan->end != TABLE_NONE && table_field(t, (size_t)v->plan->end).n > 0;
    if (!v->has_end)
        return true;
    if (!read_time(t, (size_t)v->plan->end, &ns, e))
        return false;
    const uint64_t seconds = ns / 1000000000 + (ns % 1000000000 != 0);
    v->end = seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
    return true;
}

bool values_read(struct values *v, const struct table *t, struct err *e)
{
    for (size_t i = 0; i < v->plan->n; i++)
        if (!read_field(v, i, t, e))
            return false;
    return read_end(v, t, e);
}

const uint8_t *values_variants(const struct values *v)
{
    return v->variants;
}

const struct value *values_at(const struct values *v, size_t field)
{
    return &v->values[field];
}

bool values_end(const struct values *v, uint32_t *seconds)
{
    *seconds = v->end;
    return v->has_end;
}

uint64_t values_mended(const struct values *v)
{
    return v->mended;
}
