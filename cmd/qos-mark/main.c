/* qos-mark: classified flows to rules of nftables and tc. */
#include "book.h"
#include "command.h"
#include "err.h"
#include "flows.h"
#include "mem.h"
#include "options.h"
#include "out.h"
#include "policy.h"
#include "rules.h"
#include "shaping.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 1000 }; /* flows whose rules are handed over in one go at most */

struct run {
    const struct options *o;
    struct policy *policy;
    struct table *t;
    struct flows *flows;
    struct book *book;
    struct out *out; /* NULL: --apply */
    struct textbuf rules;
    uint64_t rows[FLOWS_KIND_COUNT], no_room;
};

static void put_change(void *run, const struct flow_key *k, size_t was, size_t class)
{
    struct run *const r = run;

    if (was != BOOK_NONE)
        rules_remove(k, was, &r->rules);
    if (class != BOOK_NONE)
        rules_add(k, class, r->o->timeout, &r->rules);
}

static void flush(struct run *r)
{
    static const char *const nft[] = {"nft", "-f", "-", NULL};
    struct err e;

    book_tell(r->book, put_change, r);
    if (r->out)
        out_bytes(r->out, r->rules.p, r->rules.n);
    else if (r->rules.n > 0 && !command_run(nft, r->rules.p, r->rules.n, &e))
        die_err(&e);
    r->rules.n = 0;
}

/* Rules as text are one batch. */
static void before_read(void *run)
{
    struct run *const r = run;

    if (!r->out)
        flush(r);
}

/* Of rules as text, time stands still: nobody knows when they will be put to work. */
static uint64_t now(const struct run *r)
{
    struct timespec t = {0};

    if (!r->out)
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void take(struct run *r, enum flows_kind kind, const struct flow_key *k, size_t class)
{
    r->no_room += !book_set(r->book, k, kind == FLOWS_KNOWN ? class : BOOK_NONE, now(r));
    if (!r->out && book_changes(r->book) == BATCH)
        flush(r);
}

static bool work(struct run *r, struct err *e)
{
    enum table_status status;
    enum flows_kind kind;
    struct flow_key k;
    size_t class;

    while ((status = flows_next(r->flows, &kind, &k, &class, e)) == TABLE_ROW) {
        r->rows[kind]++;
        if (kind != FLOWS_NO_PORTS)
            take(r, kind, &k, class);
    }
    flush(r);
    return status != TABLE_BAD;
}

static void remark(const struct run *r)
{
    const struct {
        uint64_t n;
        const char *what;
    } causes[] = {
        {r->rows[FLOWS_OTHER], "of a class that the policy does not have: no rule"},
        {r->rows[FLOWS_NO_CLASS], "without a class: no rule"},
        {r->rows[FLOWS_NO_PORTS], "of a protocol without ports: no rule"},
        {r->no_room, "without a rule: there are as many as --max-flows allows"},
    };

    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (causes[i].n > 0)
            cli_note(r->o->shared, "%llu row%s %s", (unsigned long long)causes[i].n,
                     causes[i].n == 1 ? "" : "s", causes[i].what);
    if (r->o->shared->verbose > 0)
        cli_note(r->o->shared, "%llu rows with a rule",
                 (unsigned long long)(r->rows[FLOWS_KNOWN] - r->no_room));
}

/* Takes off what --dev's interfaces have. */
static void clear_devices(const char *devices)
{
    for (const char *p = devices; *p;) {
        const size_t n = strcspn(p, ",");
        char *const dev = mem_string(p, n);
        command_try((const char *const[]){"tc", "qdisc", "del", "dev", dev, "root", NULL});
        free(dev);
        p += n + (p[n] == ',');
    }
}

static bool shape(const struct options *o, const struct policy *p, struct err *e)
{
    static const char *const tc[] = {"tc", "-batch", "-", NULL};
    struct textbuf t = {0};
    bool ok = true;

    if (!o->devices)
        return true;
    /* Before any of them loses what it has. */
    if (o->apply && !shaping_devices_there(o->devices, e))
        return false;
    shaping_write(p, o->devices, &t);
    if (o->apply) {
        clear_devices(o->devices);
        ok = command_run(tc, t.p, t.n, e);
    } else {
        struct out *const out = out_open(o->tc, e);
        if (out)
            out_bytes(out, t.p, t.n);
        ok = out && out_close(out, e);
    }
    free(t.p);
    return ok;
}

static bool open_all(struct run *r, struct err *e)
{
    const struct options *const o = r->o;
    const uint64_t second = 1000000000, grace = 30;

    if (!(r->t = table_open(o->file, e)) || !(r->flows = flows_new(r->t, o->class, r->policy, e)) ||
        (!o->apply && !(r->out = out_open(o->shared->output, e))) || !shape(o, r->policy, e))
        return false;
    r->book = book_new(o->max_flows, r->out ? UINT64_MAX : (o->timeout + grace) * second);
    rules_write_table(r->policy, o->devices != NULL, o->max_flows, &r->rules);
    table_before_read(r->t, before_read, r);
    return true;
}

static bool print_policy(const struct options *o, const struct policy *p, struct err *e)
{
    struct out *const out = out_open(o->shared->output, e);

    if (out)
        policy_write(p, out);
    return out && out_close(out, e);
}

static void run_free(struct run *r)
{
    book_free(r->book);
    flows_free(r->flows);
    table_close(r->t);
    policy_free(r->policy);
    free(r->rules.p);
}

int main(int argc, char **argv)
{
    struct options o;
    struct cli *const c = cli_new(&options_spec, argc, argv);
    struct err e;

    options_parse(&o, c);
    struct run r = {.o = &o, .policy = policy_read(o.policy, &e)};
    if (!r.policy)
        die_err(&e);
    if (o.print_policy) {
        if (!print_policy(&o, r.policy, &e))
            die_err(&e);
    } else {
        if (!open_all(&r, &e))
            die_err(&e);
        if (!work(&r, &e)) {
            out_abandon(r.out);
            die_err(&e);
        }
        if (r.out && !out_close(r.out, &e))
            die_err(&e);
        remark(&r);
    }
    run_free(&r);
    cli_free(c);
    return EXIT_DONE;
}
