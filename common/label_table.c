#include "label_table.h"

#include "flow_key.h"
#include "mem.h"
#include "num.h"
#include "table.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { ANY_PROTO = 0, MOST_CLASSES = 4096 };

/* A row. The key's vlan is left out (VLAN_NONE): those who label flows seldom know it. */
struct entry {
    struct flow_key key;
    uint64_t start, end; /* ns, inclusive */
    uint64_t latest_end; /* the greatest end of this key's entries up to this one */
    uint32_t class;
};

struct label_table {
    struct entry *entries; /* in order of key and start */
    size_t n, cap;
    uint32_t *index; /* open addressing: 1 + the last entry of a key, 0: free */
    size_t mask;
    char **classes;
    size_t n_classes, classes_cap;
    bool has_any_proto;
};

enum { SRC_IP, DST_IP, SRC_PORT, DST_PORT, CLASS, REQUIRED };
enum { PROTO = REQUIRED, START, END, FIELDS };

static const char *const field_names[FIELDS] = {"src_ip", "dst_ip", "src_port", "dst_port",
                                                "class",  "proto",  "start",    "end"};

static bool find_fields(const struct table *t, long where[FIELDS], struct err *e)
{
    size_t column;

    for (int i = 0; i < FIELDS; i++) {
        where[i] = table_find(t, field_names[i]);
        if (i < REQUIRED && !table_require(t, field_names[i], &column, e))
            return false;
    }
    return true;
}

static bool read_ip(const struct table *t, long column, uint8_t ip[16], uint8_t *version,
                    struct err *e)
{
    const struct span f = table_field(t, (size_t)column);
    char text[INET6_ADDRSTRLEN];

    memset(ip, 0, 16);
    if (f.n < sizeof text) {
        memcpy(text, f.p, f.n);
        text[f.n] = '\0';
        *version = strchr(text, ':') ? 6 : 4;
        if (strlen(text) == f.n && inet_pton(*version == 6 ? AF_INET6 : AF_INET, text, ip) == 1)
            return true;
    }
    return table_fail(t, (size_t)column, e, "is not an IP address");
}

static bool read_time(const struct table *t, long column, uint64_t *ns, struct err *e)
{
    if (column == TABLE_NONE || table_field(t, (size_t)column).n == 0)
        return true;
    const struct span f = table_field(t, (size_t)column);
    return num_time(f.p, f.n, ns) == NUM_OK ||
           table_fail(t, (size_t)column, e, "is not a time in seconds");
}

/* A packet that goes the way the row says; the key puts both ways together. */
static bool read_ends(const struct table *t, const long where[FIELDS], struct packet *p,
                      struct err *e)
{
    uint64_t src_port, dst_port, proto = ANY_PROTO;
    uint8_t version;

    if (!read_ip(t, where[SRC_IP], p->src, &p->ip_version, e) ||
        !read_ip(t, where[DST_IP], p->dst, &version, e) ||
        !table_u64(t, (size_t)where[SRC_PORT], 0, UINT16_MAX, &src_port, e) ||
        !table_u64(t, (size_t)where[DST_PORT], 0, UINT16_MAX, &dst_port, e))
        return false;
    if (version != p->ip_version)
        return table_fail(t, (size_t)where[DST_IP], e, "is not of the IP version of src_ip");
    if (where[PROTO] != TABLE_NONE && table_field(t, (size_t)where[PROTO]).n > 0 &&
        !table_u64(t, (size_t)where[PROTO], 0, UINT8_MAX, &proto, e))
        return false;
    p->src_port = (uint16_t)src_port;
    p->dst_port = (uint16_t)dst_port;
    p->proto = (uint8_t)proto;
    p->vlan = VLAN_NONE;
    return true;
}

static bool read_class(struct label_table *l, const struct table *t, size_t column, uint32_t *class,
                       struct err *e)
{
    const struct span f = table_field(t, column);

    if (f.n == 0 || f.n > LABEL_LONGEST)
        return table_fail(t, column, e, "is not a class name of 1..%d bytes", LABEL_LONGEST);
    for (size_t i = l->n_classes; i-- > 0;)
        if (span_is(f, l->classes[i])) {
            *class = (uint32_t)i;
            return true;
        }
    if (l->n_classes == MOST_CLASSES)
        return table_fail(t, column, e, "is one class too many (at most %d)", MOST_CLASSES);
    l->classes = mem_grow(l->classes, &l->classes_cap, l->n_classes + 1, sizeof *l->classes);
    l->classes[l->n_classes] = mem_string(f.p, f.n);
    *class = (uint32_t)l->n_classes++;
    return true;
}

static bool read_entry(struct label_table *l, const struct table *t, const long where[FIELDS],
                       struct err *e)
{
    struct packet ends = {0};
    struct entry n = {.end = UINT64_MAX};
    bool swapped;

    if (!read_ends(t, where, &ends, e) || !read_time(t, where[START], &n.start, e) ||
        !read_time(t, where[END], &n.end, e) ||
        !read_class(l, t, (size_t)where[CLASS], &n.class, e))
        return false;
    if (n.end < n.start)
        return table_fail(t, (size_t)where[END], e, "is before the start");
    n.key = flow_key_of(&ends, &swapped);
    l->has_any_proto |= ends.proto == ANY_PROTO;
    l->entries = mem_grow(l->entries, &l->cap, l->n + 1, sizeof *l->entries);
    l->entries[l->n++] = n;
    return true;
}

static int by_key_and_start(const void *a, const void *b)
{
    const struct entry *const x = a, *const y = b;
    const int order = memcmp(&x->key, &y->key, sizeof x->key);

    return order ? order : (x->start > y->start) - (x->start < y->start);
}

static size_t slot_of(const struct label_table *l, const struct flow_key *k)
{
    size_t i = (size_t)flow_key_hash(k) & l->mask;

    while (l->index[i] && !flow_key_equal(&l->entries[l->index[i] - 1].key, k))
        i = (i + 1) & l->mask;
    return i;
}

static void make_index(struct label_table *l)
{
    size_t size = 16;

    while (size < 2 * l->n)
        size *= 2;
    l->mask = size - 1;
    l->index = mem_zero(size, sizeof *l->index);
    if (l->n > 0)
        qsort(l->entries, l->n, sizeof *l->entries, by_key_and_start);
    for (size_t i = 0; i < l->n; i++) {
        struct entry *const n = &l->entries[i];
        const bool first = i == 0 || !flow_key_equal(&n[-1].key, &n->key);
        n->latest_end = !first && n[-1].latest_end > n->end ? n[-1].latest_end : n->end;
        l->index[slot_of(l, &n->key)] = (uint32_t)(i + 1);
    }
}

static bool read_rows(struct label_table *l, struct table *t, struct err *e)
{
    long where[FIELDS];
    enum table_status status;

    if (!find_fields(t, where, e))
        return false;
    while ((status = table_next(t, e)) == TABLE_ROW) {
        if (l->n == UINT32_MAX - 1)
            return err_set(e, "%s: more than %u rows", table_path(t), UINT32_MAX - 1);
        if (!read_entry(l, t, where, e))
            return false;
    }
    return status == TABLE_END;
}

struct label_table *label_table_read(const char *path, struct err *e)
{
    struct table *const t = table_open(path, e);

    if (!t)
        return NULL;
    struct label_table *const l = mem_zero(1, sizeof *l);
    const bool ok = read_rows(l, t, e);
    table_close(t);
    if (!ok) {
        label_table_free(l);
        return NULL;
    }
    make_index(l);
    return l;
}

void label_table_free(struct label_table *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->n_classes; i++)
        free(l->classes[i]);
    free(l->classes);
    free(l->entries);
    free(l->index);
    free(l);
}

size_t label_table_classes(const struct label_table *l)
{
    return l->n_classes;
}

const char *label_table_class(const struct label_table *l, size_t i)
{
    return l->classes[i];
}

/* Adds what the entries of one key say at a time to a match found so far. */
static enum label_match match_key(const struct label_table *l, const struct flow_key *k,
                                  uint64_t ts, enum label_match match, size_t *class)
{
    /* From the key's last entry back; where every end so far is past, so is the rest. */
    for (size_t i = l->index[slot_of(l, k)]; i > 0; i--) {
        const struct entry *const n = &l->entries[i - 1];
        if (!flow_key_equal(&n->key, k) || n->latest_end < ts)
            break;
        if (n->start > ts || n->end < ts)
            continue;
        if (match == LABEL_FOUND && *class != n->class)
            return LABEL_AMBIGUOUS;
        match = LABEL_FOUND;
        *class = n->class;
    }
    return match;
}

enum label_match label_table_find(const struct label_table *l, const struct packet *p,
                                  size_t *class)
{
    bool swapped;
    struct flow_key k = flow_key_of(p, &swapped);

    k.vlan = VLAN_NONE;
    enum label_match match = match_key(l, &k, p->ts, LABEL_NONE, class);
    if (l->has_any_proto && match != LABEL_AMBIGUOUS && k.proto != ANY_PROTO) {
        k.proto = ANY_PROTO;
        match = match_key(l, &k, p->ts, match, class);
    }
    return match;
}
