#include "entries_read.h"

#include "entries_raw.h"
#include "file.h"
#include "p4info.h"

#include <stdlib.h>
#include <string.h>

const char *const entries_format_names[FORMAT_COUNT + 1] = {
    "bmv2", "p4runtime-json", "p4runtime-text", "const", "bfrt", "dpdk", NULL,
};

static const struct {
    bool (*read)(struct scan *s, struct raw_entries *r);
    const char *comment;
} readers[FORMAT_COUNT] = {
    [FORMAT_BMV2] = {read_bmv2, NULL},
    [FORMAT_P4RUNTIME_JSON] = {read_p4runtime_json, NULL},
    [FORMAT_P4RUNTIME_TEXT] = {read_p4runtime_text, "#"},
    [FORMAT_CONST] = {read_const, "//"},
    [FORMAT_BFRT] = {read_bfrt, "#"},
    [FORMAT_DPDK] = {read_dpdk, "#"},
};

/* Each format has its own first word. */
static enum entries_format recognise(const char *text, size_t n)
{
    static const struct {
        const char *word;
        enum entries_format format;
    } words[] = {
        {"table_add", FORMAT_BMV2},
        {"table_set_default", FORMAT_BMV2},
        {"device_id", FORMAT_P4RUNTIME_TEXT},
        {"updates", FORMAT_P4RUNTIME_TEXT},
        {"const", FORMAT_CONST},
        {"match", FORMAT_DPDK},
    };
    struct err ignored;

    for (int i = 0; i < 2; i++) {
        struct scan s = scan_new(text, n, "", i == 0 ? "#" : "//", &ignored);
        if (scan_at(&s, '{'))
            return FORMAT_P4RUNTIME_JSON;
        const struct span word = scan_word(&s);
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (span_is(word, words[k].word))
                return words[k].format;
        if (word.n > 5 && memcmp(word.p, "bfrt.", 5) == 0)
            return FORMAT_BFRT;
    }
    return FORMAT_COUNT;
}

struct entries *entries_read_memory(const void *p, size_t n, const char *name,
                                    enum entries_format format, const struct model *m,
                                    const struct p4info *ids, struct err *e)
{
    const enum entries_format f = format == FORMAT_COUNT ? recognise(p, n) : format;
    struct entries *x = NULL;
    struct raw_entries r;

    if (f == FORMAT_COUNT) {
        err_set(e, "%s: not a file of entries in any known format", name);
        return NULL;
    }
    struct scan s = scan_new(p, n, name, readers[f].comment, e);
    raw_init(&r);
    if (readers[f].read(&s, &r) && (!ids || !r.ids || p4info_rename(ids, &r, name, e)))
        x = entries_bind(&r, m, name, e);
    raw_free(&r);
    return x;
}

struct entries *entries_read(const char *path, const struct model *m, const struct p4info *ids,
                             struct err *e)
{
    size_t n;
    char *const text = file_read(path, &n, e);
    struct entries *x = NULL;

    if (text)
        x = entries_read_memory(text, n, file_name(path), FORMAT_COUNT, m, ids, e);
    free(text);
    return x;
}
