#include "utf8.h"

#include <string.h>

size_t utf8_length(const uint8_t *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    const size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || n < length)
        return 0;
    /* No overlong forms, no surrogates, nothing above U+10FFFF. */
    const uint8_t low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
    const uint8_t high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

bool utf8_valid(const uint8_t *p, size_t n)
{
    for (size_t i = 0, length; i < n; i += length) {
        length = utf8_length(p + i, n - i);
        if (length == 0)
            return false;
    }
    return true;
}

size_t utf8_mend(const uint8_t *p, size_t n, uint8_t *to)
{
    uint8_t *const start = to;

    for (size_t i = 0; i < n;) {
        const size_t length = utf8_length(p + i, n - i);
        memcpy(to, length ? p + i : (const uint8_t *)"\xef\xbf\xbd", length ? length : 3);
        to += length ? length : 3;
        i += length ? length : 1;
    }
    return (size_t)(to - start);
}
