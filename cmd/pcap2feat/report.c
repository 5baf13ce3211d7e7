#include "report.h"

void report_without(const struct cli_shared_values *v, uint64_t n, const char *what,
                    const char *cause)
{
    if (n > 0)
        cli_note(v, "%llu %s%s without a row: %s", (unsigned long long)n, what, n == 1 ? "" : "s",
                 cause);
}

void report_skipped(const struct cli_shared_values *v, uint64_t n, const char *cause)
{
    report_without(v, n, "packet", cause);
}
