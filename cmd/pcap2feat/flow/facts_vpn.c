/* Recognition of WireGuard and OpenVPN by the shape of their first messages. */
#include "facts_parts.h"

#include <string.h>

static uint64_t le64(const uint8_t *p)
{
    return (uint64_t)le32(p + 4) << 32 | le32(p);
}

/* Data alone: twice in a way for the same receiver, with a counter that goes on. */
static enum look look_data(struct part_facts *f, const struct given *g)
{
    enum { AHEAD_MOST = 1024 };
    struct facts *const all = facts_of(f);
    struct vpn_way *const w = &all->vpn[g->way];
    const uint32_t receiver = le32(g->p + 4);
    const uint64_t counter = le64(g->p + 8);
    const bool goes_on = w->seen && receiver == w->receiver && counter > w->counter &&
                         counter - w->counter <= AHEAD_MOST;

    w->seen = true;
    w->receiver = receiver;
    w->counter = counter;
    if (!goes_on)
        return LOOK_ON;
    facts_put(f, g, F_APP_PROTOCOL, "wireguard");
    return LOOK_FOUND;
}

enum look look_wireguard(struct part_facts *f, const struct given *g, uint32_t wire)
{
    enum { INITIATION = 1, RESPONSE, COOKIE, DATA, DATA_LEAST = 32, DATA_HEADER = 16 };
    static const uint32_t lengths[] = {[INITIATION] = 148, [RESPONSE] = 92, [COOKIE] = 64};

    if (g->n < DATA_HEADER || g->p[0] < INITIATION || g->p[0] > DATA || g->p[1] || g->p[2] ||
        g->p[3])
        return LOOK_NOTHING;
    if (g->p[0] == DATA)
        return wire >= DATA_LEAST && wire % 16 == 0 ? look_data(f, g) : LOOK_NOTHING;
    if (wire != lengths[g->p[0]])
        return LOOK_NOTHING;
    facts_put(f, g, F_APP_PROTOCOL, "wireguard");
    return LOOK_FOUND;
}

enum openvpn { CLIENT_RESET_2 = 7 << 3, SERVER_RESET_2 = 8 << 3, CLIENT_RESET_3 = 10 << 3 };
enum { SESSION_AT = 1, SESSION_BYTES = 8, PLAIN_RESET = 14, ANSWER_MORE = 12, WRAPPED_LEAST = 54 };

/* In clear; with tls-auth of SHA-1, SHA-256 (or tls-crypt), SHA-512; with tls-crypt-v2. */
static bool is_client_reset(const struct given *g, uint32_t wire)
{
    if (g->p[0] == CLIENT_RESET_3)
        return wire > WRAPPED_LEAST;
    if (g->p[0] != CLIENT_RESET_2)
        return false;
    if (wire == PLAIN_RESET) /* no acknowledgment, the first packet */
        return memcmp(g->p + SESSION_AT + SESSION_BYTES, "\0\0\0\0", 5) == 0;
    return wire == 42 || wire == 54 || wire == 86;
}

/* An answer is 12 bytes longer: it acknowledges one packet of the client's session. */
static bool is_server_reset(const struct given *g, uint32_t wire, const struct vpn_way *client)
{
    if (g->p[0] != SERVER_RESET_2 || client->reset == 0)
        return false;
    if (client->reset == PLAIN_RESET)
        return wire == PLAIN_RESET + ANSWER_MORE && g->n == wire &&
               memcmp(g->p + 14, client->session, SESSION_BYTES) == 0;
    if (client->tls_crypt_2)
        return wire >= WRAPPED_LEAST + ANSWER_MORE;
    return wire == client->reset + (uint32_t)ANSWER_MORE;
}

enum look look_openvpn(struct part_facts *f, const struct given *g, uint32_t wire)
{
    if (g->n < PLAIN_RESET || (g->p[0] != SERVER_RESET_2 && !is_client_reset(g, wire)))
        return LOOK_NOTHING;
    struct facts *const all = facts_of(f);
    struct vpn_way *const own = &all->vpn[g->way], *const other = &all->vpn[!g->way];
    if (g->p[0] != SERVER_RESET_2) {
        own->reset = (uint16_t)wire;
        own->tls_crypt_2 = g->p[0] == CLIENT_RESET_3;
        memcpy(own->session, g->p + SESSION_AT, SESSION_BYTES);
        return LOOK_ON;
    }
    if (!is_server_reset(g, wire, other))
        return LOOK_NOTHING;
    facts_put(f, g, F_APP_PROTOCOL, "openvpn");
    return LOOK_FOUND;
}

enum look look_openvpn_stream(struct part_facts *f, const struct given *g)
{
    struct given message = *g;

    if (g->n < 2)
        return LOOK_MORE;
    const uint32_t wire = be16(g->p);
    if (wire < PLAIN_RESET || wire > 2048 ||
        (g->n > 2 && g->p[2] != CLIENT_RESET_2 && g->p[2] != CLIENT_RESET_3 &&
         g->p[2] != SERVER_RESET_2))
        return LOOK_NOTHING;
    if (wire > g->n - 2 && !g->final)
        return LOOK_MORE;
    message.p += 2;
    message.n = wire < g->n - 2 ? wire : g->n - 2;
    return look_openvpn(f, &message, wire) == LOOK_NOTHING ? LOOK_NOTHING : LOOK_FOUND;
}
