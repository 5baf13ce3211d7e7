/* The table reader on any bytes: every row is read to the end, twice, and what is said about its
 * fields must hold. */
#include "table.h"
#include "num.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Reads the bytes of a field, so that the sanitizer sees a span that leaves its memory. */
static uint64_t mix(uint64_t sum, struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        sum = sum * 31 + (unsigned char)s.p[i];
    return sum;
}

static uint64_t read_rows(struct table *t, bool *whole)
{
    uint64_t sum = 0, rows = 0, line = 1;
    enum table_status status;
    struct err e;

    while ((status = table_next(t, &e)) == TABLE_ROW) {
        require(table_rows(t) == ++rows);
        require(table_line(t) > line);
        line = table_line(t);
        const struct span raw = table_raw(t);
        require(!memchr(raw.p, '\n', raw.n) || memchr(raw.p, '"', raw.n));
        sum = mix(sum, raw);
        for (size_t i = 0; i < table_width(t); i++) {
            const struct span f = table_field(t, i);
            uint64_t v = 0;
            require(f.n <= raw.n);
            sum = mix(sum, f);
            if (table_u64(t, i, 1, 1000, &v, &e))
                require(v >= 1 && v <= 1000);
            else
                require(memchr(e.text, '\0', sizeof e.text) && e.text[0]);
        }
    }
    *whole = status == TABLE_END;
    if (!*whole)
        require(e.text[0] && !strchr(e.text, '\n'));
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e;
    struct table *const t = table_open_memory(data, size, "input", &e);
    bool whole, again;

    if (!t)
        return 0;
    const struct span header = table_raw(t);
    (void)mix(0, header);
    for (size_t i = 0; i < table_width(t); i++)
        require(table_find(t, table_name(t, i)) == (long)i);
    const uint64_t sum = read_rows(t, &whole);
    require(table_rewind(t, &e));
    require(read_rows(t, &again) == sum && again == whole);
    table_close(t);
    return 0;
}
