/* The reader of reports on any bytes: what it takes lies within them, and each field that a row
 * shows can be shown. The input goes on to the shim's reader, as a frame would. */
#include "report.h"
#include "address.h"
#include "shim.h"

#include <stdlib.h>
#include <string.h>

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_report(const struct report *r, const uint8_t *data, size_t size)
{
    char text[ADDRESS_MAX];
    uint64_t sum = 0;

    require(r->features == data + REPORT_FIXED);
    require((size_t)r->n_features * 8 <= size - REPORT_FIXED);
    for (size_t i = 0; i < r->n_features; i++)
        sum ^= report_feature(r, i);
    require(r->n_features != 1 || sum == report_feature(r, 0));
    require(address_put(text, r->src, r->ip_version) <= text + sizeof text);
    require(address_put(text, r->dst, r->ip_version) <= text + sizeof text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {""};
    struct report r;
    struct shim shim;

    if (report_get(data, size, &r, &e))
        check_report(&r, data, size);
    else
        require(e.text[0] && !strchr(e.text, '\n'));
    if (shim_get(data, size, &shim)) {
        uint8_t back[SHIM_LENGTH];
        shim_put(back, shim);
        require(memcmp(back, data + SHIM_AT, SHIM_LENGTH) == 0);
    }
    return 0;
}
