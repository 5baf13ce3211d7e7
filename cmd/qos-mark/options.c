#include "options.h"

#include "err.h"
#include "file.h"
#include "shaping.h"

enum key {
    KEY_POLICY = CLI_LONG,
    KEY_PRINT_POLICY,
    KEY_APPLY,
    KEY_DEV,
    KEY_TC,
    KEY_TIMEOUT,
    KEY_MAX_FLOWS,
};

static const struct cli_option list[] = {
    {KEY_POLICY, "policy", "FILE",
     "what happens to each class: a table with class, dscp, priority\nand rate (default: after RFC "
     "4594)"},
    {KEY_PRINT_POLICY, "print-policy", NULL, "print the policy as such a table, and end"},
    {'c', "class", "COLUMN", "the column of classes (default predicted, else class)"},
    {KEY_APPLY, "apply", NULL,
     "put the rules to work, in the network namespace at hand, as\nrows come"},
    {KEY_DEV, "dev", "NAME,…", "priorities and rates by tc on these interfaces"},
    {KEY_TC, "tc", "FILE", "without --apply: write what tc -batch is to do to FILE"},
    {KEY_TIMEOUT, "timeout", "SECONDS", "how long the rule of a flow lasts (default 360)"},
    {KEY_MAX_FLOWS, "max-flows", "N", "flows with a rule at a time (default 65536)"},
    {0, NULL, NULL, NULL},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]",
    .summary = "Gives the packets of classified flows a DSCP, a priority and a rate, by nftables "
               "and tc.",
    .example = "qos-mark flows.csv > rules.nft && nft -f rules.nft",
    .options = list,
    .shared = CLI_OUTPUT,
};

static void take_option(struct options *o, const struct cli *c, int key)
{
    switch (key) {
    case KEY_POLICY:
        o->policy = cli_value(c);
        break;
    case KEY_PRINT_POLICY:
        o->print_policy = true;
        break;
    case KEY_APPLY:
        o->apply = true;
        break;
    case KEY_DEV:
        if (!shaping_devices_valid(cli_value(c)))
            cli_bad_value(c, "is no list of interfaces: names of letters, digits, '.', '_', '-' "
                             "with commas between");
        o->devices = cli_value(c);
        break;
    case KEY_TC:
        o->tc = cli_value(c);
        break;
    case KEY_TIMEOUT:
        o->timeout = cli_u64(c, 1, 1000000);
        break;
    case KEY_MAX_FLOWS:
        o->max_flows = cli_u64(c, 1, 16777216);
        break;
    default:
        o->class = cli_value(c);
    }
}

static void check(const struct options *o, const struct cli *c)
{
    if (o->apply && o->shared->output)
        die_usage("--output is for rules as text, not for --apply");
    if (o->tc && (o->apply || !o->devices))
        die_usage("--tc is for --dev without --apply");
    if (o->devices && !o->apply && !o->tc)
        die_usage("--dev needs --apply, or --tc=FILE for what tc is to do");
    if (o->policy && file_is_standard(o->policy) && !o->print_policy && file_is_standard(o->file))
        die_usage("only one of the policy and the table can be standard input");
    cli_not_output(c, "tc", o->tc);
    cli_not_input("tc", o->tc, o->file);
    cli_not_input("tc", o->tc, o->policy);
    cli_not_input("output", o->shared->output, o->policy);
}

void options_parse(struct options *o, struct cli *c)
{
    *o = (struct options){.timeout = 360, .max_flows = 65536};
    for (int key; (key = cli_next(c)) != CLI_END;)
        take_option(o, c, key);
    o->file = cli_file(c);
    o->shared = cli_shared(c);
    check(o, c);
}
