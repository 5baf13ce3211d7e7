/* Which IPFIX information element a column becomes: the one table of it.
 *
 * A column that an element of IANA, CESNET or CERT means exactly becomes that one; all others
 * become elements of an own set, under the number of --pen. A number there, once given, stays:
 * that of X is its place in the list; fwd_X has FORWARD added, bwd_X has BACKWARD. Columns that the
 * list does not have get numbers from OTHERS on, in the order of the table. */
#ifndef FLOW2IPFIX_MAPPING_H
#define FLOW2IPFIX_MAPPING_H

#include "feature.h"

#include <fixbuf/public.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MAPPING_PEN = 32473,       /* for documentation, RFC 5612 */
    MAPPING_FORWARD = 0x1000,  /* fwd_X is X + this */
    MAPPING_BACKWARD = 0x5000, /* bwd_X: the reverse of fwd_X, by the bit that RFC 5103 suggests */
    MAPPING_OTHERS = 0x800,    /* the first number of other columns */
    MAPPING_OTHERS_END = 0x1000,
};

/* How the text of a field becomes the value of an element. */
enum convert {
    CONVERT_UINT,   /* an integer as it is */
    CONVERT_NTP,    /* seconds with 9 decimals to 2^-32 s since 1900, rounded up */
    CONVERT_MS,     /* seconds to ms since 1970, rounded down */
    CONVERT_HEX,    /* 16 hex digits */
    CONVERT_IP,     /* two elements: one for IPv4, one for IPv6 */
    CONVERT_MAC,    /* six bytes */
    CONVERT_STRING, /* text in UTF-8; an empty one is missing */
    CONVERT_REASON, /* end_reason as flowEndReason */
    CONVERT_SIGN,   /* dir: 1 stays 1, 0 becomes -1 */
    CONVERT_ONE,    /* no column: always 1 */
};

/* An element. Those of IANA have no name, type or length here: libfixbuf knows them. */
struct target {
    uint32_t pen; /* 0: IANA */
    uint16_t id;
    enum convert convert;
    uint8_t type; /* FB_UINT_8… */
    uint16_t length;
    const char *name;
};

/* A row of columns that make one list: STEM followed by a number, from `first` on. */
struct series {
    const char *stem;
    unsigned first, count; /* count 0: as many as there are */
    struct target item;
};

/* The elements of IANA, CESNET and CERT that a column becomes, at most MAPPING_MOST; how many. */
enum { MAPPING_MOST = 2 };
size_t mapping_standard(const char *column, struct target targets[MAPPING_MOST]);

/* Whether a column has an own element besides its standard ones, or for want of such. */
bool mapping_is_own(const char *column);

/* The number of a column in the own set, or 0: the list does not have it. */
uint16_t mapping_own_id(const char *column);

/* How a column of the own set is written: as the registry says, what it does not know as text. */
struct target mapping_own(const char *column, uint32_t pen, uint16_t id);

/* The name of a column's own element: weir, then the words of the column with capitals. Freed by
 * the caller. */
char *mapping_own_name(const char *column);

/* Whether an own set may have this enterprise number: nobody's whose elements are used here. */
bool mapping_pen_is_free(uint32_t pen);

/* The i-th series, or NULL. An own item has pen MAPPING_PEN, which stands for that of --pen. */
const struct series *mapping_series(size_t i);

#endif
