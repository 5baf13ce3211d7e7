#include "flows.h"

#include "address.h"
#include "mem.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct flows {
    struct table *t;
    const struct policy *policy;
    size_t src_ip, dst_ip, src_port, dst_port, proto, class;
};

static bool find_class(struct flows *f, const char *name, struct err *e)
{
    if (name)
        return table_require(f->t, name, &f->class, e);
    long found = table_find(f->t, "predicted");
    if (found == TABLE_NONE)
        found = table_find(f->t, "class");
    f->class = (size_t)found;
    return found != TABLE_NONE ||
           err_set(e, "%s:1: there is no column 'predicted' or 'class' (-c COLUMN names it)",
                   table_path(f->t));
}

struct flows *flows_new(struct table *t, const char *class, const struct policy *p, struct err *e)
{
    struct flows *const f = mem_zero(1, sizeof *f);

    f->t = t;
    f->policy = p;
    if (table_require(t, "src_ip", &f->src_ip, e) && table_require(t, "dst_ip", &f->dst_ip, e) &&
        table_require(t, "src_port", &f->src_port, e) &&
        table_require(t, "dst_port", &f->dst_port, e) && table_require(t, "proto", &f->proto, e) &&
        find_class(f, class, e))
        return f;
    flows_free(f);
    return NULL;
}

void flows_free(struct flows *f)
{
    free(f);
}

static bool read_address(const struct flows *f, size_t column, uint8_t ip[16], uint8_t *version,
                         struct err *e)
{
    const struct span s = table_field(f->t, column);
    char text[ADDRESS_MAX + 1];

    if (s.n < sizeof text && !memchr(s.p, '\0', s.n)) {
        memcpy(text, s.p, s.n);
        text[s.n] = '\0';
        if (address_parse(text, ip, version))
            return true;
    }
    return table_fail(f->t, column, e, "is no IP address");
}

static bool read_ends(const struct flows *f, struct packet *p, struct err *e)
{
    uint64_t src, dst, proto;
    uint8_t version;

    if (!read_address(f, f->src_ip, p->src, &p->ip_version, e) ||
        !read_address(f, f->dst_ip, p->dst, &version, e))
        return false;
    if (version != p->ip_version)
        return table_fail(f->t, f->dst_ip, e, "is not of the IP version that src_ip is of");
    if (!table_u64(f->t, f->src_port, 0, UINT16_MAX, &src, e) ||
        !table_u64(f->t, f->dst_port, 0, UINT16_MAX, &dst, e) ||
        !table_u64(f->t, f->proto, 0, UINT8_MAX, &proto, e))
        return false;
    p->src_port = (uint16_t)src;
    p->dst_port = (uint16_t)dst;
    p->proto = (uint8_t)proto;
    return true;
}

static bool has_ports(uint8_t proto)
{
    return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP ||
           proto == IPPROTO_DCCP || proto == IPPROTO_UDPLITE;
}

enum table_status flows_next(struct flows *f, enum flows_kind *kind, struct flow_key *k,
                             size_t *class, struct err *e)
{
    struct packet p = {.vlan = VLAN_NONE};
    bool swapped;
    const enum table_status status = table_next(f->t, e);

    if (status != TABLE_ROW)
        return status;
    if (!read_ends(f, &p, e))
        return TABLE_BAD;
    const struct span name = table_field(f->t, f->class);
    *k = flow_key_of(&p, &swapped);
    *class = policy_find(f->policy, name);
    *kind = !has_ports(p.proto)      ? FLOWS_NO_PORTS
            : name.n == 0            ? FLOWS_NO_CLASS
            : *class == f->policy->n ? FLOWS_OTHER
                                     : FLOWS_KNOWN;
    return TABLE_ROW;
}
