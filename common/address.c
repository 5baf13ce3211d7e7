#include "address.h"

#include "num.h"

#include <arpa/inet.h>
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
