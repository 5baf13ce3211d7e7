/* Heads of HTTP/1, and what becomes of their bytes in a table. Input: whether nothing more comes
 * (1 byte), then the stream. */
#include "http_head.h"

#include "escape.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

static void check(struct span s, const char *from, size_t n)
{
    char text[100];

    if (s.n > 0 && (s.p < from || s.p + s.n > from + n))
        abort();
    const size_t used = escape_put(text, sizeof text, (const uint8_t *)s.p, s.n, ";");
    if (used > sizeof text || memchr(text, '\n', used) || memchr(text, ';', used))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct http_head h;

    if (n < 1 || n > 20000)
        return -1;
    uint8_t *const copy = mem_alloc(n - 1, 1);
    if (n > 1)
        memcpy(copy, data + 1, n - 1);
    if (http_head_parse(copy, (uint32_t)n - 1, data[0] & 1, &h) == HTTP_HEAD) {
        const struct span all[] = {h.method,  h.target,     h.host,
                                   h.referer, h.user_agent, h.content_type};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            check(all[i], (const char *)copy, n - 1);
        if (h.response && (h.status > 999 || h.method.n > 0))
            abort();
    }
    free(copy);
    return 0;
}
