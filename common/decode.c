#include "decode.h"

#include "decode_parts.h"

enum decode_status decode_frame(const struct frame *f, bool decap, struct packet *p)
{
    struct decoding d = {
        .at = {f->data, f->caplen},
        .wire = f->len > f->caplen ? f->len : f->caplen,
        .decap = decap,
        .p = p,
    };

    *p = (struct packet){.ts = f->ts, .vlan = VLAN_NONE};
    return decode_link(&d, f->link);
}

const char *decode_status_text(enum decode_status status)
{
    switch (status) {
    case DECODE_IP:
        return "IP";
    case DECODE_NOT_IP:
        return "not IP";
    case DECODE_LINK_UNKNOWN:
        return "unknown link type";
    case DECODE_LINK_CUT:
        return "cut short before the IP header";
    case DECODE_LINK_BAD:
        return "malformed before the IP header";
    case DECODE_IP_CUT:
        return "cut short in the IP header";
    case DECODE_IP_BAD:
        return "malformed IP header";
    case DECODE_PORTS_CUT:
        return "cut short before the ports";
    case DECODE_TOO_DEEP:
        return "nested too deep";
    case DECODE_STATUS_COUNT:
        break;
    }
    return "unknown";
}
