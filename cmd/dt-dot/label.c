#include "label.h"

#include "feature.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The bytes of the UTF-8 character at s, or 0 when there is none (RFC 3629: no overlong forms, no
 * surrogates). */
static size_t utf8_length(const unsigned char *s)
{
    const size_t n = s[0] < 0x80   ? 1
                     : s[0] < 0xc2 ? 0
                     : s[0] < 0xe0 ? 2
                     : s[0] < 0xf0 ? 3
                     : s[0] < 0xf5 ? 4
                                   : 0;

    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90))
        return 0;
    return n;
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\\': /* \N would become the node's name, even here */
        return "\\\\";
    default:
        return NULL;
    }
}

void label_name(struct out *o, const char *name)
{
    for (const char *p = name; *p;) {
        const size_t n = utf8_length((const unsigned char *)p);
        const char *const escaped = entity(*p);
        if (escaped)
            out_text(o, escaped);
        else if (n == 0 || (unsigned char)*p < ' ' || *p == 127)
            out_text(o, "?");
        else
            out_bytes(o, p, n);
        p += n ? n : 1;
    }
}

/* ns in the largest unit that leaves a number of at least 1, without rounding. */
static void put_time(struct out *o, uint64_t ns)
{
    static const struct {
        uint64_t ns;
        int digits;
        const char *name;
    } units[] = {{1000000000, 9, "s"}, {1000000, 6, "ms"}, {1000, 3, "us"}};
    char fraction[16];

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (ns < units[i].ns)
            continue;
        (void)snprintf(fraction, sizeof fraction, ".%0*" PRIu64, units[i].digits, ns % units[i].ns);
        size_t n = strlen(fraction);
        while (n > 0 && fraction[n - 1] == '0')
            n--;
        fraction[n > 1 ? n : 0] = '\0';
        out_printf(o, "%" PRIu64 "%s %s", ns / units[i].ns, fraction, units[i].name);
        return;
    }
    out_printf(o, "%" PRIu64 " ns", ns);
}

/* Length changes are shifted so that they are never negative. */
static bool is_length_change(enum feature_id id)
{
    return id == F_DIFF_LEN || id == F_DIR_DIFF_LEN || id == F_CAP_DIFF_LEN;
}

void label_value(struct out *o, const char *feature, uint64_t value)
{
    const struct feature *const f = feature_find(feature);

    if (f && strcmp(f->unit, "ns") == 0) {
        put_time(o, value);
        return;
    }
    out_printf(o, "%" PRIu64, value);
    if (f && is_length_change(feature_id(f)))
        out_printf(o, " (%+" PRId64 " bytes)", (int64_t)value - 65535);
    else if (f && strcmp(f->unit, "bytes") == 0)
        out_text(o, " bytes");
}

void label_count(struct out *o, uint64_t n)
{
    char digits[24], text[32];
    const int length = snprintf(digits, sizeof digits, "%" PRIu64, n);
    size_t to = 0;

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[to++] = ',';
        text[to++] = digits[i];
    }
    out_bytes(o, text, to);
}
