/* The fields of a row as values. */
#ifndef FLOW2IPFIX_VALUES_H
#define FLOW2IPFIX_VALUES_H

#include "err.h"
#include "plan.h"
#include "table.h"

#include <fixbuf/public.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum variant {
    VARIANT_MISSING,
    VARIANT_FIRST,  /* element[0] of the field */
    VARIANT_SECOND, /* element[1]: an IPv6 address */
};

struct value {
    size_t size;      /* bytes in the record that libfixbuf gets */
    size_t wire_size; /* bytes in the message */
    union {
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
        uint8_t bytes[16];
        fbVarfield_t text;
        fbBasicList_t list;
    };
};

struct values;

/* Room for the values of a plan, which must stay. Freed with values_free(). */
struct values *values_new(const struct plan *p);
void values_free(struct values *v);

/* Reads the table's row; what it gives stays valid until the next call. False with *e: a field that
 * is no value of its kind, or a list with a hole. */
bool values_read(struct values *v, const struct table *t, struct err *e);

/* A byte for each field of the plan: an enum variant. */
const uint8_t *values_variants(const struct values *v);
const struct value *values_at(const struct values *v, size_t field);

/* The row's end in whole seconds, rounded up; false without one. */
bool values_end(const struct values *v, uint32_t *seconds);

/* Texts so far with bytes that are no UTF-8, in whose place U+FFFD stands. */
uint64_t values_mended(const struct values *v);

#endif
