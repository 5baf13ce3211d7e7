#include "input.h"

#include "draws.h"
#include "err.h"
#include "file.h"
#include "mem.h"
#include "packets_model.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 12 }; /* "weir-markov " */

/* The beginning of the input, which its descriptor is past. */
struct input {
    int fd;
    char head[HEAD];
    size_t n;
    const char *name;
};

static bool read_head(struct input *in, struct err *e)
{
    while (in->n < HEAD) {
        const ssize_t n = read(in->fd, in->head + in->n, HEAD - in->n);
        if (n < 0 && errno != EINTR)
            return err_sys(e, "reading %s", in->name);
        if (n == 0)
            break;
        if (n > 0)
            in->n += (size_t)n;
    }
    return true;
}

static bool is(const struct input *in, const char *head)
{
    return in->n >= strlen(head) && memcmp(in->head, head, strlen(head)) == 0;
}

/* pcap and pcapng, of either byte order. */
static bool is_capture(const struct input *in)
{
    static const char *const magics[] = {"\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", "\xa1\xb2\x3c\x4d",
                                         "\x4d\x3c\xb2\xa1", "\x0a\x0d\x0d\x0a"};

    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (is(in, magics[i]))
            return true;
    return false;
}

static bool open_input(struct input *in, const char *path, struct err *e)
{
    const bool standard = file_is_standard(path);

    *in = (struct input){.name = file_name(path)};
    in->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0)
        return err_sys(e, "%s", path);
    return read_head(in, e);
}

static struct packets *open_table(const struct input *in, const struct options *o,
                                  struct packets_table_facts *facts, struct err *e)
{
    if (o->chain)
        die_usage("--chain goes with a mixture of gmm-train, and %s is a table", in->name);
    if (o->flows > 0)
        die_usage("--flows is for models, and %s is a table", in->name);
    struct table *const t = table_open_fd_after(in->fd, in->head, in->n, in->name, e);
    return t ? packets_table_read(t, o, facts, e) : NULL;
}

/* All of the input; freed by the caller. NULL with *e. */
static char *read_all(const struct input *in, size_t *n, struct err *e)
{
    char *text = mem_alloc(HEAD, 1);
    size_t cap = HEAD;

    memcpy(text, in->head, in->n);
    *n = in->n;
    for (;;) {
        text = mem_grow(text, &cap, *n + 1, 1);
        const ssize_t got = read(in->fd, text + *n, cap - *n);
        if (got == 0)
            break;
        if (got > 0)
            *n += (size_t)got;
        if (got > 0 || errno == EINTR)
            continue;
        err_sys(e, "reading %s", in->name);
        free(text);
        return NULL;
    }
    return text;
}

static bool read_model(const struct input *in, const struct options *o, struct draws *d,
                       struct err *e)
{
    size_t n;
    char *const text = read_all(in, &n, e);

    if (!text)
        return false;
    const bool ok = is(in, "weir-hmm ") ? draws_hmm(d, text, n, in->name, e)
                    : o->chain          ? draws_chain(d, text, n, in->name, o->chain, e)
                                        : draws_gmm(d, text, n, in->name, e);
    free(text);
    if (in->fd > STDIN_FILENO)
        (void)close(in->fd);
    return ok;
}

static struct packets *open_model(const struct input *in, const struct options *o, bool endless,
                                  struct err *e)
{
    struct draws d;

    if (o->chain && is(in, "weir-hmm "))
        die_usage("--chain goes with a mixture of gmm-train, and %s is a model of hmm-train",
                  in->name);
    if (o->time != TIME_AUTO)
        die_usage("--time is for tables, and %s is a model", in->name);
    if (o->count == 0 && o->duration == 0 && !endless)
        die_usage("a model never ends: how much of it? (-n N or --duration=SECONDS)");
    return read_model(in, o, &d, e) ? packets_model_new(&d, o) : NULL;
}

static struct packets *read_input(const struct options *o, bool endless,
                                  struct packets_table_facts *facts, struct err *e)
{
    struct packets *p = NULL;
    struct input in;

    if (!open_input(&in, o->file, e))
        return NULL;
    if (is(&in, "weir-hmm ") || is(&in, "weir-gmm "))
        p = open_model(&in, o, endless, e);
    else if (is(&in, "weir-markov "))
        err_set(e, "%s: a chain knows tokens only: trafgen MIXTURE --chain=%s", in.name, in.name);
    else if (is(&in, "weir-"))
        err_set(e, "%s: is neither a model of traffic (of hmm-train or gmm-train) nor a table",
                in.name);
    else if (is_capture(&in))
        err_set(e, "%s: is a capture: pcap2feat makes a table of it (and --replay sends it)",
                in.name);
    else
        p = open_table(&in, o, facts, e);
    if (p)
        packets_limit(p, o->count, o->duration);
    return p;
}

struct packets *input_open(const struct options *o, unsigned needs, bool endless,
                           struct packets_table_facts *facts, struct err *e)
{
    if (!sandbox_enter(o->shared, needs | SANDBOX_FILES, e))
        return NULL;
    struct packets *const p = read_input(o, endless, facts, e);
    if (p && sandbox_close_files(o->shared, needs, e))
        return p;
    packets_free(p);
    return NULL;
}
