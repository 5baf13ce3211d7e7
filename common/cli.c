#include "cli.h"

#include "err.h"
#include "file.h"
#include "mem.h"
#include "num.h"
#include "suggest.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum shared_key {
    KEY_SEED = CLI_SHARED,
    KEY_CSV,
    KEY_TSV,
    KEY_PROGRESS,
    KEY_NO_SANDBOX,
    KEY_REDIS,
    KEY_TIMEOUT,
    KEY_RETRY,
    KEY_FLOWS,
    KEY_START,
};

static const struct {
    unsigned when; /* a CLI_… bit, 0: always */
    struct cli_option option;
} shared_options[] = {
    {CLI_SERIES, {'n', "count", "N", "write N symbols in all (default: as many as were learnt)"}},
    {CLI_SERIES, {KEY_FLOWS, "flows", "N", "write N sequences (default: as many as were learnt)"}},
    {CLI_SERIES,
     {KEY_START, "start", "HOW",
      "begin a sequence as those learnt do (first, the default),\n"
      "anywhere (stationary), or with this symbol"}},
    {CLI_REDIS,
     {KEY_REDIS, "redis", "URL",
      "the server: redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]\nor unix:///PATH (default "
      "redis://127.0.0.1:6379); REDISCLI_AUTH\nin the environment holds a password, too"}},
    {CLI_REDIS,
     {KEY_TIMEOUT, "timeout", "SECONDS",
      "a server that owes an answer for so long is gone (default 30)"}},
    {CLI_REDIS,
     {KEY_RETRY, "retry", "SECONDS",
      "how long to try to reach a server that went away, or takes\nnothing (default 300)"}},
    {CLI_OUTPUT, {'o', "output", "FILE", "write to FILE, which appears whole or not at all"}},
    {CLI_FORMAT, {KEY_CSV, "csv", NULL, "write CSV (default: the format that was read)"}},
    {CLI_FORMAT, {KEY_TSV, "tsv", NULL, "write TSV"}},
    {CLI_SEED, {KEY_SEED, "seed", "N", "seed of every random choice (default 1)"}},
    {CLI_THREADS, {'j', "threads", "N", "threads (default: all processors); same bytes for any N"}},
    {CLI_PROGRESS, {KEY_PROGRESS, "progress", NULL, "show progress even if not on a terminal"}},
    {CLI_SANDBOX,
     {KEY_NO_SANDBOX, "no-sandbox", NULL, "keep all rights while captures are read (to debug)"}},
    {0, {'q', "quiet", NULL, "no remarks on standard error, only errors"}},
    {0, {'v', "verbose", NULL, "more remarks on standard error"}},
    {0, {'h', "help", NULL, "print this help"}},
    {0, {'V', "version", NULL, "print the version"}},
};

struct cli {
    const struct cli_spec *spec;
    int argc;
    char **argv;
    struct cli_option *options; /* the tool's and the shared ones */
    size_t n_options;
    struct option *longs;
    char *shorts;
    const struct cli_option *current;
    struct cli_shared_values shared;
    char *recorded;
};

static size_t count_own(const struct cli_spec *spec)
{
    size_t n = 0;

    while (spec->options && spec->options[n].name)
        n++;
    return n;
}

static void collect_options(struct cli *c)
{
    const size_t own = count_own(c->spec);
    const size_t n_shared = sizeof shared_options / sizeof *shared_options;

    c->options = mem_zero(own + n_shared, sizeof *c->options);
    for (size_t i = 0; i < own; i++)
        c->options[c->n_options++] = c->spec->options[i];
    for (size_t i = 0; i < n_shared; i++)
        if (!shared_options[i].when || (shared_options[i].when & c->spec->shared))
            c->options[c->n_options++] = shared_options[i].option;
}

static void make_getopt_tables(struct cli *c)
{
    c->longs = mem_zero(c->n_options + 1, sizeof *c->longs);
    c->shorts = mem_zero(3 * c->n_options + 2, 1);
    char *s = c->shorts;
    *s++ = ':'; /* a missing value is told apart from an unknown option */
    for (size_t i = 0; i < c->n_options; i++) {
        const struct cli_option *const o = &c->options[i];
        const bool optional = o->arg && o->arg[0] == '[';
        c->longs[i] = (struct option){
            .name = o->name,
            .has_arg = !o->arg    ? no_argument
                       : optional ? optional_argument
                                  : required_argument,
            .val = o->key,
        };
        if (o->key < CLI_LONG) {
            *s++ = (char)o->key;
            for (int colons = !o->arg ? 0 : optional ? 2 : 1; colons > 0; colons--)
                *s++ = ':';
        }
    }
}

/* A standard stream that is closed must not be the number of the next file that is opened: remarks
 * or rows would go into that file. It is opened the wrong way, so that its use fails as before. */
static void hold_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

struct cli *cli_new(const struct cli_spec *spec, int argc, char **argv)
{
    struct cli *const c = mem_zero(1, sizeof *c);
    const long online = sysconf(_SC_NPROCESSORS_ONLN);

    hold_standard_streams();
    c->spec = spec;
    c->argc = argc;
    c->argv = argv;
    c->shared.seed = 1;
    c->shared.threads = online < 1 ? 1 : online > 256 ? 256 : (unsigned)online;
    c->shared.redis = (struct cli_redis){"redis://127.0.0.1:6379", 30, 300};
    c->recorded = mem_string("", 0);
    collect_options(c);
    make_getopt_tables(c);
    opterr = 0;
    return c;
}

void cli_free(struct cli *c)
{
    if (!c)
        return;
    free(c->options);
    free(c->longs);
    free(c->shorts);
    free(c->recorded);
    free(c);
}

/* Columns that a text in UTF-8 takes. */
static int width(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void print_option(const struct cli_option *o)
{
    char left[80];
    const bool optional = o->arg && o->arg[0] == '[';
    int n = o->key < CLI_LONG ? snprintf(left, sizeof left, "  -%c, --%s", o->key, o->name)
                              : snprintf(left, sizeof left, "      --%s", o->name);

    if (o->arg && optional)
        (void)snprintf(left + n, sizeof left - (size_t)n, "[=%s", o->arg + 1);
    else if (o->arg)
        (void)snprintf(left + n, sizeof left - (size_t)n, "=%s", o->arg);
    n = width(left);
    if (n > 27)
        printf("%s\n%29s", left, "");
    else
        printf("%s%*s", left, 29 - n, "");
    for (const char *p = o->help; *p; p++) {
        (void)putchar(*p);
        if (*p == '\n')
            printf("%29s", "");
    }
    (void)putchar('\n');
}

static noreturn void print_help(const struct cli *c)
{
    printf("Usage: %s %s\n%s\n\n", program_invocation_short_name, c->spec->synopsis,
           c->spec->summary);
    for (size_t i = 0; i < c->n_options; i++)
        print_option(&c->options[i]);
    if (c->spec->example)
        printf("\nExample:\n  %s\n", c->spec->example);
    printf("\nSee %s(1) for the whole story.\n", program_invocation_short_name);
    if (fflush(stdout) != 0 || ferror(stdout))
        die_sys("writing standard output");
    exit(EXIT_DONE);
}

static noreturn void print_version(void)
{
    printf("%s (Weir) %s\n", program_invocation_short_name, WEIR_VERSION);
    if (fflush(stdout) != 0 || ferror(stdout))
        die_sys("writing standard output");
    exit(EXIT_DONE);
}

static noreturn void unknown_option(const struct cli *c)
{
    const char *const arg = c->argv[optind - 1];
    char near[128];
    struct suggest s = {0};

    if (optopt && strncmp(arg, "--", 2) != 0)
        die_usage("unknown option -%c", optopt);
    if (optopt) /* a known long option that was given a value */
        die_usage("option '%.*s' takes no value", (int)strcspn(arg, "="), arg);
    char *const name = mem_string(arg + 2, strcspn(arg + 2, "="));
    for (size_t i = 0; i < c->n_options; i++)
        suggest_offer(&s, name, c->options[i].name);
    free(name);
    char dashed[80];
    if (s.best) {
        (void)snprintf(dashed, sizeof dashed, "--%s", s.best);
        s.best = dashed;
    }
    die_usage("unknown option '%s'%s", arg, suggest_text(&s, near, sizeof near));
}

/* A value as a shell would take it back; what would break a line of a model file becomes '?'. */
static char *quoted(const char *value)
{
    char *const text = mem_alloc(4 * strlen(value) + 3, 1);
    char *p = text;
    const bool plain = *value && value[strspn(value, "abcdefghijklmnopqrstuvwxyz"
                                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                     "0123456789._,/:=+-")] == '\0';

    if (!plain)
        *p++ = '\'';
    for (; *value; value++) {
        if (*value == '\'')
            p = stpcpy(p, "'\\'");
        *p++ = (unsigned char)*value < ' ' || *value == 127 ? '?' : *value;
    }
    if (!plain)
        *p++ = '\'';
    *p = '\0';
    return text;
}

/* Appends " --name=value" to what the model file will keep. */
static void record(struct cli *c)
{
    const struct cli_option *const o = c->current;
    char *const value = optarg ? quoted(optarg) : mem_string("", 0);
    char *text;

    if (asprintf(&text, "%s%s--%s%s%s", c->recorded, *c->recorded ? " " : "", o->name,
                 optarg ? "=" : "", value) < 0)
        die("out of memory");
    free(value);
    free(c->recorded);
    c->recorded = text;
}

/* What says where the result goes and how fast it comes does not change it. */
static bool shapes_result(int key)
{
    return key != 'o' && key != 'j' && key != 'q' && key != 'v' && key != KEY_PROGRESS &&
           key != KEY_NO_SANDBOX;
}

static bool take_redis(struct cli *c, int key)
{
    struct cli_redis *const r = &c->shared.redis;

    if (key == KEY_REDIS)
        r->url = cli_value(c);
    else if (key == KEY_TIMEOUT)
        r->timeout = cli_f64(c, 0.1, 86400);
    else if (key == KEY_RETRY)
        r->retry = cli_f64(c, 0, 1e9);
    else
        return false;
    return true;
}

static bool take_series(struct cli *c, int key)
{
    static const uint64_t most = UINT64_C(1) << 40;
    struct cli_series *const s = &c->shared.series;

    if (key == 'n' && c->spec->shared & CLI_SERIES)
        s->n = cli_u64(c, 1, most);
    else if (key == KEY_FLOWS)
        s->flows = cli_u64(c, 1, most);
    else if (key == KEY_START)
        s->start = strcmp(cli_value(c), "first") == 0 ? NULL : cli_value(c);
    else
        return false;
    s->given = key == 'n' ? "-n" : key == KEY_FLOWS ? "--flows" : "--start";
    return true;
}

/* True when the key was one of the shared options, which is then done with. */
static bool take_shared(struct cli *c, int key)
{
    switch (key) {
    case 'o':
        if (!(c->spec->shared & CLI_OUTPUT))
            return false;
        c->shared.output = optarg;
        return true;
    case 'j':
        if (!(c->spec->shared & CLI_THREADS))
            return false;
        c->shared.threads = (unsigned)cli_u64(c, 1, 256);
        return true;
    case KEY_SEED:
        c->shared.seed = cli_u64(c, 0, UINT64_MAX);
        return true;
    case KEY_CSV:
        c->shared.format = TABLE_CSV;
        return true;
    case KEY_TSV:
        c->shared.format = TABLE_TSV;
        return true;
    case KEY_PROGRESS:
        c->shared.progress = true;
        return true;
    case KEY_NO_SANDBOX:
        c->shared.no_sandbox = true;
        return true;
    case 'q':
        c->shared.quiet = true;
        return true;
    case 'v':
        c->shared.verbose++;
        return true;
    case 'h':
        print_help(c);
    case 'V':
        print_version();
    default:
        return take_redis(c, key) || take_series(c, key);
    }
}

static void check_output(const struct cli *c)
{
    for (int i = optind; i < c->argc; i++)
        cli_not_input("output", c->shared.output, c->argv[i]);
}

static void check_series(const struct cli_series *s)
{
    if (s->n && s->flows > s->n)
        die_usage("-n: %llu symbols are too few for %llu sequences", (unsigned long long)s->n,
                  (unsigned long long)s->flows);
}

int cli_next(struct cli *c)
{
    for (;;) {
        const int key = getopt_long(c->argc, c->argv, c->shorts, c->longs, NULL);
        if (key == -1) {
            c->current = NULL;
            if ((c->spec->shared & CLI_PROGRESS) && !c->shared.quiet && isatty(STDERR_FILENO))
                c->shared.progress = true;
            check_output(c);
            check_series(&c->shared.series);
            return CLI_END;
        }
        if (key == ':')
            die_usage("option '%s' needs a value", c->argv[optind - 1]);
        if (key == '?')
            unknown_option(c);
        for (size_t i = 0; i < c->n_options; i++)
            if (c->options[i].key == key)
                c->current = &c->options[i];
        if (shapes_result(key))
            record(c);
        if (!take_shared(c, key))
            return key;
    }
}

const char *cli_value(const struct cli *c)
{
    (void)c;
    return optarg;
}

void cli_bad_value(const struct cli *c, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    die_usage("--%s: '%s' %s", c->current->name, optarg ? optarg : "", text);
}

const char *cli_name(const struct cli *c)
{
    if (!*cli_value(c))
        cli_bad_value(c, "is no name");
    return cli_value(c);
}

const char *cli_new_column(const struct cli *c)
{
    for (const char *p = cli_value(c); *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            cli_bad_value(c, "has a control character");
    return cli_name(c);
}

uint64_t cli_u64(const struct cli *c, uint64_t min, uint64_t max)
{
    uint64_t v = 0;
    const enum num_status status = num_u64(optarg, strlen(optarg), &v);

    if (status != NUM_OK && status != NUM_RANGE)
        cli_bad_value(c, "%s", num_reason_u64(status));
    if (status == NUM_RANGE || v < min || v > max)
        cli_bad_value(c, "is not in %llu..%llu", (unsigned long long)min, (unsigned long long)max);
    return v;
}

double cli_f64(const struct cli *c, double min, double max)
{
    double v = 0;
    const enum num_status status = num_f64(optarg, strlen(optarg), &v);

    if (status != NUM_OK && status != NUM_RANGE)
        cli_bad_value(c, "is not a number");
    if (status == NUM_RANGE || v < min || v > max)
        cli_bad_value(c, "is not in %g..%g", min, max);
    return v;
}

size_t cli_choice(const struct cli *c, const char *const *names)
{
    char list[256] = "", near[128];
    struct suggest s = {0};

    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i], optarg) == 0)
            return i;
        const size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", names[i]);
        suggest_offer(&s, optarg, names[i]);
    }
    cli_bad_value(c, "is not one of %s%s", list, suggest_text(&s, near, sizeof near));
}

const struct cli_shared_values *cli_shared(const struct cli *c)
{
    return &c->shared;
}

size_t cli_operands(const struct cli *c, char ***operands)
{
    *operands = c->argv + optind;
    return (size_t)(c->argc - optind);
}

const char *cli_file(const struct cli *c)
{
    char **operands;
    const size_t n = cli_operands(c, &operands);

    if (n > 1)
        die_usage("one file at most, and '%s' is one more", operands[1]);
    return n ? operands[0] : NULL;
}

/* An output that takes the place of an input is a slip, and a capture that is gone stays gone. */
void cli_not_input(const char *name, const char *output, const char *input)
{
    if (output && input && strcmp(output, "-") != 0 && file_same(output, input))
        die_usage("--%s: '%s' is an input file", name, output);
}

void cli_not_output(const struct cli *c, const char *name, const char *other)
{
    if (other && file_same(other, c->shared.output ? c->shared.output : "-"))
        die_usage("--%s and --output are the same file", name);
}

char *cli_recorded(const struct cli *c)
{
    return mem_string(c->recorded, strlen(c->recorded));
}

void cli_note(const struct cli_shared_values *v, const char *fmt, ...)
{
    char text[2048];
    va_list ap;

    if (v->quiet)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    warn("%s", text);
}
