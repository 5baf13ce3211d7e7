#include "dscp.h"

#include "num.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    uint8_t dscp;
} code_points[] = {
    {"CS0", 0},   {"CS1", 8},   {"CS2", 16},  {"CS3", 24},  {"CS4", 32},  {"CS5", 40},
    {"CS6", 48},  {"CS7", 56},  {"AF11", 10}, {"AF12", 12}, {"AF13", 14}, {"AF21", 18},
    {"AF22", 20}, {"AF23", 22}, {"AF31", 26}, {"AF32", 28}, {"AF33", 30}, {"AF41", 34},
    {"AF42", 36}, {"AF43", 38}, {"EF", 46},   {"VA", 44},   {"LE", 1},
};

enum { CODE_POINTS = sizeof code_points / sizeof *code_points };

bool dscp_parse(const char *text, uint8_t *dscp)
{
    uint64_t v;

    for (size_t i = 0; i < CODE_POINTS; i++)
        if (strcmp(code_points[i].name, text) == 0) {
            *dscp = code_points[i].dscp;
            return true;
        }
    if (num_u64(text, strlen(text), &v) != NUM_OK || v > 63)
        return false;
    *dscp = (uint8_t)v;
    return true;
}

const char *dscp_name(uint8_t dscp)
{
    for (size_t i = 0; i < CODE_POINTS; i++)
        if (code_points[i].dscp == dscp)
            return code_points[i].name;
    return NULL;
}
