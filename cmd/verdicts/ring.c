#include "ring.h"

#include "mem.h"

#include <errno.h>
#include <stdlib.h>

#ifdef HAVE_LIBBPF
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

struct ring {
    int fd;
    struct ring_buffer *buffer;
    const struct source_sink *sink;
    struct source_counts *counts;
    uint64_t clock_offset;
    enum source_answer answer;
    struct err *e; /* during ring_drain() */
};

static int on_sample(void *context, void *data, size_t n)
{
    struct ring *const r = context;
    struct report report;

    if (r->answer != SOURCE_MORE)
        return 0;
    if (!report_get(data, n, &report, r->e)) {
        r->counts->bad_reports++;
        return 0;
    }
    if (!(report.flags & REPORT_SHIM))
        report.ts += r->clock_offset;
    r->answer = r->sink->report(r->sink->context, &report);
    return r->answer == SOURCE_MORE ? 0 : -1;
}

struct ring *ring_open(const char *path, uint64_t clock_offset, const struct source_sink *sink,
                       struct source_counts *counts, struct err *e)
{
    struct ring *const r = mem_zero(1, sizeof *r);

    *r = (struct ring){.sink = sink, .counts = counts, .clock_offset = clock_offset};
    libbpf_set_print(NULL);
    r->fd = bpf_obj_get(path);
    if (r->fd < 0) {
        err_sys(e, "%s: can't be opened as a pinned ring buffer", path);
        free(r);
        return NULL;
    }
    r->buffer = ring_buffer__new(r->fd, on_sample, r, NULL);
    if (r->buffer)
        return r;
    err_sys(e, "%s: is no ring buffer", path);
    (void)close(r->fd);
    free(r);
    return NULL;
}

void ring_close(struct ring *r)
{
    if (!r)
        return;
    ring_buffer__free(r->buffer);
    (void)close(r->fd);
    free(r);
}

enum source_answer ring_drain(struct ring *r, struct err *e)
{
    r->e = e;
    const int n = ring_buffer__consume(r->buffer);

    if (n < 0 && r->answer == SOURCE_MORE) {
        errno = -n;
        err_sys(e, "reading the ring");
        return SOURCE_FAILED;
    }
    return r->answer;
}

int ring_fd(const struct ring *r)
{
    return ring_buffer__epoll_fd(r->buffer);
}
#else
struct ring *ring_open(const char *path, uint64_t clock_offset, const struct source_sink *sink,
                       struct source_counts *counts, struct err *e)
{
    (void)clock_offset;
    (void)sink;
    (void)counts;
    err_set(e, "%s: this program was built without libbpf, which rings need", path);
    return NULL;
}

void ring_close(struct ring *r)
{
    free(r);
}

enum source_answer ring_drain(struct ring *r, struct err *e)
{
    (void)r;
    (void)e;
    return SOURCE_ENOUGH;
}

int ring_fd(const struct ring *r)
{
    (void)r;
    return -1;
}
#endif
