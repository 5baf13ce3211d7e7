/* Text that is UTF-8 for certain. */
#ifndef FLOW2IPFIX_UTF8_H
#define FLOW2IPFIX_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the well-formed character at p[0..n), n > 0; 0: there is none. */
size_t utf8_length(const uint8_t *p, size_t n);

/* Whether all of it is UTF-8. */
bool utf8_valid(const uint8_t *p, size_t n);

/* Copies the text with U+FFFD in place of each byte that is part of no character; to has room for
 * three times as many. Bytes written. */
size_t utf8_mend(const uint8_t *p, size_t n, uint8_t *to);

#endif
