/* pcapshim: each packet's recorded time and place into the packet itself, or out of it again. */
#include "cli.h"
#include "err.h"
#include "sandbox.h"
#include "shimmer.h"

static const struct cli_option own_options[] = {
    {'w', "write", "OUT", "the capture to write (default: standard output)"},
    {'d', "strip", NULL, "take the shims out again, and give the packets the times in them"},
    {'c', "cut", NULL,
     "write frames that were captured in part as whole ones of that length\n"
     "(BMv2 takes no others)"},
    {0},
};

static const struct cli_spec spec = {
    .synopsis = "[options] [FILE]",
    .summary =
        "Writes a capture whose packets carry their own time and sequence number, so that a\n"
        "switch or an XDP program under test sees the times of the recording.",
    .example = "pcapshim web.1.pcap -w shimmed.pcap",
    .options = own_options,
    .shared = CLI_SANDBOX,
};

struct options {
    const char *in, *out;
    struct shimmer_options how;
};

static struct options parse(struct cli *cli)
{
    struct options o = {0};

    for (int key; (key = cli_next(cli)) != CLI_END;) {
        if (key == 'w')
            o.out = cli_value(cli);
        else if (key == 'd')
            o.how.strip = true;
        else if (key == 'c')
            o.how.cut = true;
    }
    o.in = cli_file(cli);
    cli_not_input("write", o.out, o.in);
    return o;
}

static void note(const struct cli_shared_values *v, uint64_t n, const char *what)
{
    if (n > 0)
        cli_note(v, "%llu packet%s %s", (unsigned long long)n, n == 1 ? "" : "s", what);
}

static void remark(const struct cli *cli, const struct shimmer_counts *n)
{
    const struct cli_shared_values *const shared = cli_shared(cli);

    note(shared, shared->verbose ? n->written : 0, "written");
    note(shared, n->other_link, "skipped: neither Ethernet nor raw IP");
    note(shared, n->too_short, "skipped: cut short in the Ethernet header");
    note(shared, n->unshimmed, "passed on without change: no shim");
    note(shared, n->cut, "cut to 262144 bytes, the most there are in a pcap file");
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&spec, argc, argv);
    const struct options o = parse(cli);
    struct shimmer_counts counts = {0};
    struct err e;

    struct capture *const in = capture_open(o.in, &e);
    if (!in)
        die_err(&e);
    struct save *const out = save_open(o.out, &e);
    if (!out)
        die_err(&e);
    if (!sandbox_enter(cli_shared(cli), sandbox_for_output(o.out), &e)) {
        save_abandon(out);
        die_err(&e);
    }
    if (!shimmer_run(in, out, &o.how, &counts, &e)) {
        save_abandon(out);
        die_err(&e);
    }
    counts.cut = save_cut(out);
    if (!save_close(out, &e))
        die_err(&e);
    remark(cli, &counts);
    capture_close(in);
    cli_free(cli);
    return EXIT_DONE;
}
