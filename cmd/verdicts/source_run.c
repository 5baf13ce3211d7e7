#include "capture.h"
#include "ring.h"
#include "sandbox.h"
#include "source.h"

#ifdef HAVE_LIBBPF
#include <bpf/bpf.h>
#include <pcap/dlt.h>
#include <unistd.h>

/* The kernel takes a page less its own room, and 14 bytes at least; headers fit in far less. */
enum { MOST_BYTES = 2048, LEAST_BYTES = 14 };

static bool run_frame(int program, const struct frame *f, struct source_counts *counts,
                      struct err *e)
{
    if (f->link != DLT_EN10MB || f->caplen < LEAST_BYTES) {
        counts->other_frames++;
        return true;
    }
    struct bpf_test_run_opts run = {
        .sz = sizeof run,
        .data_in = f->data,
        .data_size_in = f->caplen < MOST_BYTES ? f->caplen : MOST_BYTES,
        .repeat = 1,
    };
    return bpf_prog_test_run_opts(program, &run) == 0 || err_sys(e, "running the program");
}

bool source_run(const struct options *o, const struct source_sink *sink,
                struct source_counts *counts, struct err *e)
{
    enum source_answer answer = SOURCE_FAILED;
    enum capture_status status = CAPTURE_BAD;
    struct ring *const ring = ring_open(o->ring, 0, sink, counts, e);
    struct capture *const c = ring ? capture_open(o->file, e) : NULL;
    const int program = c ? bpf_obj_get(o->program) : -1;

    if (c && program < 0)
        err_sys(e, "%s", o->program);
    if (program >= 0 &&
        sandbox_enter(o->shared, SANDBOX_BPF | sandbox_for_output(o->shared->output), e))
        answer = SOURCE_MORE;
    while (answer == SOURCE_MORE) {
        struct frame f;
        status = capture_next(c, &f, e);
        if (status != CAPTURE_FRAME)
            break;
        answer = run_frame(program, &f, counts, e) ? ring_drain(ring, e) : SOURCE_FAILED;
    }
    if (program >= 0)
        (void)close(program);
    capture_close(c);
    ring_close(ring);
    return answer == SOURCE_ENOUGH || (answer == SOURCE_MORE && status == CAPTURE_END);
}
#else
bool source_run(const struct options *o, const struct source_sink *sink,
                struct source_counts *counts, struct err *e)
{
    (void)sink;
    (void)counts;
    return err_set(e, "%s: this program was built without libbpf, which --run needs", o->program);
}
#endif
