#include "foreign.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *magic;
    size_t n;
    const char *what;
} formats[] = {
    {"snoop\0\0\0", 8, "a snoop capture"},
    {"btsnoop\0", 8, "a Bluetooth snoop capture"},
    {"GMBU", 4, "a Microsoft Network Monitor 2 capture"},
    {"RTSS", 4, "a Microsoft Network Monitor 1 capture"},
    {"TRSNIFF data    \x1a", 17, "a Sniffer capture"},
    {"XCP\0", 4, "a NetXRay or Sniffer capture"},
    {"iptrace ", 8, "an AIX iptrace capture"},
    {"EyeSDN", 6, "an EyeSDN capture"},
    {"\0\0\2\0\x12\5\0\x10", 8, "a K12 capture"},
    {"-----BEGIN ", 11, "a PEM file"},
    {"\xfd"
     "7zXZ\0",
     6, "xz data; decompress it first"},
    {"BZh", 3, "bzip2 data; decompress it first"},
    {"\x04\x22\x4d\x18", 4, "lz4 data; decompress it first"},
    {"PK\3\4", 4, "a zip archive; unpack it first"},
    {"7z\xbc\xaf\x27\x1c", 6, "a 7-Zip archive; unpack it first"},
    {"\x7f"
     "ELF",
     4, "a program"},
    {"%PDF", 4, "a PDF document"},
    {"<?xml", 5, "XML"},
};

static bool is_text(const uint8_t *head, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((head[i] < ' ' && !strchr("\t\n\r", head[i])) || head[i] == 127 || head[i] == 0)
            return false;
    return n > 0;
}

const char *foreign_format(const uint8_t *head, size_t n)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (n >= formats[i].n && memcmp(head, formats[i].magic, formats[i].n) == 0)
            return formats[i].what;
    return is_text(head, n) ? "text" : NULL;
}
