#include "live_report.h"

#include <stdio.h>

/* Of the packets after the first, in the time that they took. */
struct rates {
    double packets, bits; /* a second; 0: not known */
};

static struct rates rates(uint64_t packets, uint64_t bytes, uint64_t ns)
{
    if (packets < 2 || ns == 0)
        return (struct rates){0, 0};
    const double seconds = (double)ns / 1e9;
    /* The bytes of the packets after the first, as if all were of the mean length. */
    const double share = (double)(packets - 1) / (double)packets;
    return (struct rates){(double)(packets - 1) / seconds, (double)bytes * 8 * share / seconds};
}

static struct rates asked(const struct transmit_report *r)
{
    return rates(r->scheduled, r->scheduled_bytes, r->asked_ns);
}

static struct rates reached(const struct transmit_report *r)
{
    return rates(r->packets, r->bytes, r->took_ns);
}

void live_report_cause(const struct cli_shared_values *v, uint64_t n, const char *text)
{
    if (n > 0)
        cli_note(v, "%llu packet%s %s", (unsigned long long)n, n == 1 ? "" : "s", text);
}

static void say_unsent(const struct transmit_report *r, const struct options *o)
{
    const char *const interface = o->transmit.interface;
    char text[200];

    if (interface)
        (void)snprintf(text, sizeof text,
                       "not sent: longer than the MTU of %s, %u (ip link set %s mtu N)", interface,
                       r->mtu, interface);
    else
        (void)snprintf(text, sizeof text, "not sent: longer than any MTU (%u)", r->mtu);
    live_report_cause(o->shared, r->not_sent.too_long, text);
    live_report_cause(o->shared, r->not_sent.too_short, "not sent: no whole Ethernet header");
    live_report_cause(o->shared, r->not_sent.filled, "captured in part: filled up with zeros");
    live_report_cause(o->shared, r->dropped_full, "lost: the queue of the interface was full");
    live_report_cause(o->shared, r->dropped_late, "not sent: late (--late=drop)");
}

static void say_lateness(const struct transmit_report *r, const struct options *o)
{
    const struct lateness *const l = &r->lateness;

    cli_note(o->shared, "late by p50 %.3f us, p99 %.3f us, max %.3f us; by more than %g ms: %llu",
             (double)lateness_quantile(l, 0.5) / 1e3, (double)lateness_quantile(l, 0.99) / 1e3,
             (double)l->max / 1e3, (double)o->transmit.late_limit / 1e6,
             (unsigned long long)r->late);
}

void live_report_say(const struct transmit_report *r, const struct options *o)
{
    const struct rates want = asked(r), got = reached(r);
    const char *const dry = o->transmit.dry_run ? "dry run: " : "";

    say_unsent(r, o);
    if (got.packets > 0 && want.packets > 0)
        cli_note(o->shared,
                 "%s%llu packets, %llu bytes in %.3f s: %.6g packets/s of %.6g asked, %.6g Mbit/s "
                 "of %.6g",
                 dry, (unsigned long long)r->packets, (unsigned long long)r->bytes,
                 (double)r->took_ns / 1e9, got.packets, want.packets, got.bits / 1e6,
                 want.bits / 1e6);
    else
        cli_note(o->shared, "%s%llu packet%s, %llu bytes in %.3f s", dry,
                 (unsigned long long)r->packets, r->packets == 1 ? "" : "s",
                 (unsigned long long)r->bytes, (double)r->took_ns / 1e9);
    if (r->packets > 0)
        say_lateness(r, o);
    if (r->moved > 0)
        cli_note(o->shared, "schedule moved by %.6f s (--late=shift)", (double)r->moved / 1e9);
}

/* Rows "metric,value". */
struct rows {
    struct out *out;
    char separator;
};

static void row(const struct rows *w, const char *metric, uint64_t value)
{
    out_printf(w->out, "%s%c%llu\n", metric, w->separator, (unsigned long long)value);
}

static void row_rate(const struct rows *w, const char *metric, double value)
{
    out_printf(w->out, "%s%c", metric, w->separator);
    if (value > 0)
        out_printf(w->out, "%.9g", value);
    out_text(w->out, "\n");
}

static void row_times(const struct rows *w, const char *metric, const struct lateness *l)
{
    static const struct {
        const char *name;
        double p;
    } quantiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}};
    char name[64];

    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        (void)snprintf(name, sizeof name, "%s_%s_ns", metric, quantiles[i].name);
        row(w, name, lateness_quantile(l, quantiles[i].p));
    }
    (void)snprintf(name, sizeof name, "%s_max_ns", metric);
    row(w, name, l->max);
}

bool live_report_write(const struct transmit_report *r, const struct options *o, struct out *out,
                       struct err *e)
{
    const struct rates want = asked(r), got = reached(r);
    const struct rows w = {out, o->shared->format == TABLE_TSV ? '\t' : ','};
    out_printf(out, "metric%cvalue\n", w.separator);
    row(&w, "packets", r->packets);
    row(&w, "bytes", r->bytes);
    row(&w, "scheduled", r->scheduled);
    row(&w, "late", r->late);
    row(&w, "dropped_late", r->dropped_late);
    row(&w, "dropped_full", r->dropped_full);
    row(&w, "too_long", r->not_sent.too_long);
    row(&w, "too_short", r->not_sent.too_short);
    row(&w, "filled", r->not_sent.filled);
    row(&w, "asked_ns", r->asked_ns);
    row(&w, "took_ns", r->took_ns);
    row(&w, "moved_ns", r->moved);
    row_rate(&w, "asked_packets_per_s", want.packets);
    row_rate(&w, "packets_per_s", got.packets);
    row_rate(&w, "asked_bits_per_s", want.bits);
    row_rate(&w, "bits_per_s", got.bits);
    row_times(&w, "lateness", &r->lateness);
    row_times(&w, "send", &r->sending);
    return out_close(out, e);
}
