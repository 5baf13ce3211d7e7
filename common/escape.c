#include "escape.h"

#include <stdbool.h>
#include <string.h>

size_t escape_character(const uint8_t *p, size_t n)
{
    const uint8_t c = p[0];
    const size_t length = c < 0x80   ? 1
                          : c < 0xc2 ? 0
                          : c < 0xe0 ? 2
                          : c < 0xf0 ? 3
                          : c < 0xf5 ? 4
                                     : 0;

    if (length == 0 || length > n)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    /* Too long a form, halves of a pair, past the last character. */
    if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) || (c == 0xf0 && p[1] < 0x90) ||
        (c == 0xf4 && p[1] > 0x8f))
        return 0;
    return length;
}

static bool stays(const uint8_t *p, size_t length, const char *also)
{
    if (length == 1)
        return p[0] >= 0x20 && p[0] != 0x7f && p[0] != '\\' && !strchr(also, p[0]);
    return length > 0 && !(p[0] == 0xc2 && p[1] < 0xa0);
}

size_t escape_put(char *out, size_t room, const uint8_t *p, size_t n, const char *also)
{
    static const char digits[] = "0123456789abcdef";
    size_t used = 0;

    for (size_t i = 0; i < n;) {
        const size_t length = escape_character(p + i, n - i), bytes = length ? length : 1;
        const bool plain = stays(p + i, length, also);
        const size_t need = plain ? bytes : bytes * 4;
        if (need > room - used)
            break;
        if (plain)
            memcpy(out + used, p + i, bytes);
        else
            for (size_t k = 0; k < bytes; k++) {
                char *const at = out + used + 4 * k;
                at[0] = '\\';
                at[1] = 'x';
                at[2] = digits[p[i + k] >> 4];
                at[3] = digits[p[i + k] & 15];
            }
        used += need;
        i += bytes;
    }
    return used;
}
