/* Values of columns that packets and flows have in common, written where the fast path wants them.
 */
#ifndef PCAP2FEAT_PUT_H
#define PCAP2FEAT_PUT_H

#include "table.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Each writes at p and returns the place after it. */
static inline char *put_span(char *p, struct span s)
{
    memcpy(p, s.p, s.n);
    return p + s.n;
}

/* 17 characters; nothing where it is not known. */
static inline char *put_mac(char *p, const uint8_t mac[6], bool known)
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; known && i < 6; i++) {
        if (i > 0)
            *p++ = ':';
        *p++ = digits[mac[i] >> 4];
        *p++ = digits[mac[i] & 15];
    }
    return p;
}

#endif
