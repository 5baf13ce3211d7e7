/* Filters with names: which of them a packet matches, as bits, and these as the column `filters`.
 */
#ifndef PCAP2FEAT_NAMED_H
#define PCAP2FEAT_NAMED_H

#include "capture.h"
#include "filter.h"

#include <stddef.h>
#include <stdint.h>

enum { NAMED_MOST = 64, NAMED_LONGEST = 64 /* bytes of a name */ };

/* Begins as {0}; freed with named_free(). */
struct named_filters {
    struct named_filter {
        char *name;
        struct filter *filter;
    } all[NAMED_MOST];
    size_t n;
};

/* The bytes of the name where a text is NAME=EXPR, else 0. A name is letters, digits, '_', '-' and
 * '.', a letter first; "len", with which an expression may begin ("len=60"), is none. */
size_t named_prefix(const char *text);

/* Takes the filter. False, and it is not taken, where the name is there already or there are
 * NAMED_MOST. */
bool named_add(struct named_filters *n, const char *name, size_t length, struct filter *f);
void named_free(struct named_filters *n);

/* The filters that match, the first one's bit the lowest. */
uint64_t named_match(const struct named_filters *n, const struct frame *f);

/* The names of the bits in the order of the filters, with ';' between them. Writes at p, at most
 * named_room() bytes, and returns the place after the last. */
char *named_put(char *p, const struct named_filters *n, uint64_t bits);
size_t named_room(const struct named_filters *n);

#endif
