#include "report.h"

void report_skipped(const struct cli_shared_values *v, uint64_t n, const char *cause)
{
    if (n > 0)
        cli_note(v, "%llu packet%s without a row: %s", (unsigned long long)n, n == 1 ? "" : "s",
                 cause);
}
