#include "options.h"

#include "err.h"
#include "file.h"
#include "write.h"

#include <string.h>

enum key {
    KEY_DEFAULT_CLASS = CLI_LONG,
    KEY_TABLE,
    KEY_ACTION,
    KEY_MAX_ENTRIES,
    KEY_REPORT,
    KEY_CLASSES,
    KEY_P4INFO,
    KEY_VERIFY,
};

static const struct cli_option own_options[] = {
    {'f', "format", "FORMAT",
     "bmv2 (default), p4runtime-json, p4runtime-text, const, bfrt or dpdk"},
    {'e', "encoding", "ENCODING",
     "range: a table of ranges a tree (default; not for dpdk)\n"
     "coded: a table a feature makes codes, a ternary table a tree reads them\n"
     "ternary: a table of prefixes a tree"},
    {KEY_DEFAULT_CLASS, "default-class", "[NAME]",
     "rows that match nothing are of this class, which saves entries\n"
     "(without a name: the class that saves most)"},
    {KEY_TABLE, "table", "NAME", "the table's name, or what all tables' begin with (classify)"},
    {KEY_ACTION, "action", "NAME", "the action's name (set_class; in a forest add_votes)"},
    {KEY_MAX_ENTRIES, "max-entries", "N", "fail where all tables together need more"},
    {KEY_REPORT, "report", NULL, "write what each table takes (TSV) in place of the entries"},
    {KEY_CLASSES, "classes", "FILE", "write the class numbers and names to FILE (TSV)"},
    {KEY_P4INFO, "p4info", "FILE", "P4Runtime text: take the ids from this P4Info"},
    {KEY_VERIFY, "verify", "FILE", "prove that FILE, of any format, says what the model says"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] MODEL",
    .summary =
        "Turns a tree or a forest into the match-action entries of a switch, and proves that they\n"
        "say what the model says.",
    .example = "dt2p4entries --default-class app.tree > entries.txt",
    .options = own_options,
    .shared = CLI_OUTPUT,
};

static const char *take_name(const struct cli *cli)
{
    if (!entries_name_valid(cli_value(cli)))
        cli_bad_value(cli, "is not a name: letters, digits and '_', joined by dots");
    return cli_value(cli);
}

static void take_option(struct options *o, const struct cli *cli, int key, bool *has_encoding)
{
    switch (key) {
    case 'f':
        o->format = (enum entries_format)cli_choice(cli, entries_format_names);
        break;
    case 'e':
        o->entries.encoding = (enum entries_encoding)cli_choice(cli, entries_encoding_names);
        *has_encoding = true;
        break;
    case KEY_DEFAULT_CLASS:
        o->default_class = cli_value(cli);
        o->has_default = true;
        break;
    case KEY_TABLE:
        o->entries.table = take_name(cli);
        break;
    case KEY_ACTION:
        o->entries.action = take_name(cli);
        break;
    case KEY_MAX_ENTRIES:
        o->has_max = true;
        o->max_entries = cli_u64(cli, 0, UINT64_MAX);
        break;
    case KEY_REPORT:
        o->report = true;
        break;
    case KEY_CLASSES:
        o->classes = cli_value(cli);
        break;
    case KEY_P4INFO:
        o->p4info = cli_value(cli);
        break;
    case KEY_VERIFY:
        o->verify = cli_value(cli);
        break;
    }
}

struct options options_parse(struct cli *cli)
{
    struct options o = {.shared = cli_shared(cli)};
    bool has_encoding = false;
    char **operands;

    for (int key; (key = cli_next(cli)) != CLI_END;)
        take_option(&o, cli, key, &has_encoding);
    if (!format_takes(o.format, o.entries.encoding)) {
        if (has_encoding)
            die_usage("dpdk has no ranges: --encoding=coded or --encoding=ternary");
        o.entries.encoding = ENCODING_CODED;
    }
    if (o.p4info && o.format != FORMAT_P4RUNTIME_TEXT && !o.verify)
        die_usage("--p4info goes with --format=p4runtime-text");
    if (o.verify && (o.shared->output || o.report || o.classes))
        die_usage("--verify writes nothing: no --output, --report or --classes");
    if (o.classes && file_same(o.classes, o.shared->output ? o.shared->output : "-"))
        die_usage("--classes and --output are the same file");
    const size_t n = cli_operands(cli, &operands);
    if (n == 0)
        die_usage("which model? (dt2p4entries MODEL)");
    if (n > 1)
        die_usage("one model, and '%s' is one more", operands[1]);
    o.model = operands[0];
    cli_not_input("classes", o.classes, o.model);
    cli_not_input("classes", o.classes, o.p4info);
    cli_not_input("output", o.shared->output, o.p4info);
    return o;
}
