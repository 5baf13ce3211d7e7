#include "address.h"

#include "num.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

char *address_put(char *p, const uint8_t ip[16], uint8_t version)
{
    if (version == 6) {
        (void)inet_ntop(AF_INET6, ip, p, INET6_ADDRSTRLEN);
        return p + strlen(p);
    }
    for (int i = 0; i < 4; i++) {
        if (i > 0)
            *p++ = '.';
        p = num_put_u64(p, ip[i]);
    }
    return p;
}

bool address_parse(const char *text, uint8_t ip[16], uint8_t *version)
{
    const bool is_4 = inet_pton(AF_INET, text, ip) == 1;

    *version = is_4 ? 4 : 6;
    return is_4 || inet_pton(AF_INET6, text, ip) == 1;
}

int address_hex_digit(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

bool address_parse_mac(const char *text, uint8_t mac[6])
{
    if (strlen(text) != 17)
        return false;
    for (int i = 0; i < 6; i++, text += 3) {
        const int high = address_hex_digit(text[0]), low = address_hex_digit(text[1]);
        if (high < 0 || low < 0 || (i < 5 && text[2] != ':'))
            return false;
        mac[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
