#include "columns.h"

#include "address.h"
#include "mem.h"
#include "num.h"
#include "put.h"
#include "suggest.h"
#include "textbuf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* Writes a value at p and returns the place after it. */
typedef char *put_fn(char *p, const struct row *r);

static char *put_file(char *p, const struct row *r)
{
    return put_span(p, origin_column(r->origin));
}

static char *put_class(char *p, const struct row *r)
{
    return put_span(p, r->class);
}

static char *put_frame(char *p, const struct row *r)
{
    return num_put_u64(p, r->frame);
}

static char *put_ts(char *p, const struct row *r)
{
    return num_put_time(p, r->packet.ts);
}

static char *put_flow(char *p, const struct row *r)
{
    return num_put_hex16(p, r->flow);
}

static char *put_src_ip(char *p, const struct row *r)
{
    return address_put(p, r->packet.src, r->packet.ip_version);
}

static char *put_dst_ip(char *p, const struct row *r)
{
    return address_put(p, r->packet.dst, r->packet.ip_version);
}

static char *put_src_port(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.src_port);
}

static char *put_dst_port(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.dst_port);
}

static char *put_src_mac(char *p, const struct row *r)
{
    return put_mac(p, r->packet.src_mac, r->packet.has_mac);
}

static char *put_dst_mac(char *p, const struct row *r)
{
    return put_mac(p, r->packet.dst_mac, r->packet.has_mac);
}

static char *put_vlan(char *p, const struct row *r)
{
    return r->packet.vlan == VLAN_NONE ? p : num_put_u64(p, r->packet.vlan);
}

static char *put_dir(char *p, const struct row *r)
{
    *p = r->forward ? '1' : '0';
    return p + 1;
}

static char *put_iat(char *p, const struct row *r)
{
    return num_put_u64(p, r->both.iat);
}

static char *put_diff_len(char *p, const struct row *r)
{
    return num_put_u64(p, r->both.diff_len);
}

static char *put_dir_iat(char *p, const struct row *r)
{
    return num_put_u64(p, r->same.iat);
}

static char *put_dir_diff_len(char *p, const struct row *r)
{
    return num_put_u64(p, r->same.diff_len);
}

static char *put_cap_iat(char *p, const struct row *r)
{
    return num_put_u64(p, r->capture.iat);
}

static char *put_cap_diff_len(char *p, const struct row *r)
{
    return num_put_u64(p, r->capture.diff_len);
}

static char *put_len(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.len);
}

static char *put_payload_len(char *p, const struct row *r)
{
    return r->packet.transport_unknown ? p : num_put_u64(p, r->packet.payload_len);
}

static char *put_ttl(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.ttl);
}

static char *put_ecn(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.ecn);
}

static char *put_dscp(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.dscp);
}

/* The capture, or the packet, ends inside the TCP header. */
static bool tcp_unknown(const struct row *r)
{
    return r->packet.transport_unknown && r->packet.proto == IPPROTO_TCP;
}

static char *put_tcp_flags(char *p, const struct row *r)
{
    return tcp_unknown(r) ? p : num_put_u64(p, r->packet.tcp_flags);
}

/* One of them, by its bit. */
static char *put_tcp_flag(char *p, const struct row *r, unsigned bit)
{
    return tcp_unknown(r) ? p : num_put_u64(p, r->packet.tcp_flags >> bit & 1);
}

#define PUT_TCP_FLAG(name, bit)                                                                    \
    static char *put_tcp_##name(char *p, const struct row *r)                                      \
    {                                                                                              \
        return put_tcp_flag(p, r, bit);                                                            \
    }
PUT_TCP_FLAG(fin, 0)
PUT_TCP_FLAG(syn, 1)
PUT_TCP_FLAG(rst, 2)
PUT_TCP_FLAG(psh, 3)
PUT_TCP_FLAG(ack, 4)
PUT_TCP_FLAG(urg, 5)
PUT_TCP_FLAG(ece, 6)
PUT_TCP_FLAG(cwr, 7)

static char *put_tcp_window(char *p, const struct row *r)
{
    return tcp_unknown(r) ? p : num_put_u64(p, r->packet.tcp_window);
}

static char *put_tcp_hdr_len(char *p, const struct row *r)
{
    return tcp_unknown(r) ? p : num_put_u64(p, r->packet.tcp_hdr_len);
}

static char *put_ip_version(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.ip_version);
}

static char *put_ip_hdr_len(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.ip_hdr_len);
}

static char *put_ip_df(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.dont_fragment);
}

static char *put_ip_mf(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.more_fragments);
}

static char *put_frag_offset(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.fragment_offset);
}

static char *put_proto(char *p, const struct row *r)
{
    return num_put_u64(p, r->packet.proto);
}

static char *put_filters(char *p, const struct row *r)
{
    return named_put(p, r->named, r->packet.filters);
}

/* The longest value of a column, file, filters and class apart: an IPv6 address with its NUL. */
enum { VALUE_MAX = INET6_ADDRSTRLEN };

static const struct column {
    put_fn *put; /* NULL: no packet column */
    unsigned needs;
} columns[FEATURE_COUNT] = {
    [F_FILE] = {put_file, 0},
    [F_FRAME] = {put_frame, 0},
    [F_TS] = {put_ts, 0},
    [F_FLOW] = {put_flow, NEED_FLOW},
    [F_SRC_IP] = {put_src_ip, 0},
    [F_DST_IP] = {put_dst_ip, 0},
    [F_SRC_PORT] = {put_src_port, 0},
    [F_DST_PORT] = {put_dst_port, 0},
    [F_SRC_MAC] = {put_src_mac, 0},
    [F_DST_MAC] = {put_dst_mac, 0},
    [F_VLAN] = {put_vlan, 0},
    [F_DIR] = {put_dir, NEED_FLOW},
    [F_IAT] = {put_iat, NEED_BOTH},
    [F_LEN] = {put_len, 0},
    [F_DIFF_LEN] = {put_diff_len, NEED_BOTH},
    [F_DIR_IAT] = {put_dir_iat, NEED_SAME},
    [F_DIR_DIFF_LEN] = {put_dir_diff_len, NEED_SAME},
    [F_CAP_IAT] = {put_cap_iat, NEED_CAPTURE},
    [F_CAP_DIFF_LEN] = {put_cap_diff_len, NEED_CAPTURE},
    [F_PAYLOAD_LEN] = {put_payload_len, 0},
    [F_TTL] = {put_ttl, 0},
    [F_DSCP] = {put_dscp, 0},
    [F_ECN] = {put_ecn, 0},
    [F_TCP_FLAGS] = {put_tcp_flags, 0},
    [F_TCP_FIN] = {put_tcp_fin, 0},
    [F_TCP_SYN] = {put_tcp_syn, 0},
    [F_TCP_RST] = {put_tcp_rst, 0},
    [F_TCP_PSH] = {put_tcp_psh, 0},
    [F_TCP_ACK] = {put_tcp_ack, 0},
    [F_TCP_URG] = {put_tcp_urg, 0},
    [F_TCP_ECE] = {put_tcp_ece, 0},
    [F_TCP_CWR] = {put_tcp_cwr, 0},
    [F_TCP_WINDOW] = {put_tcp_window, 0},
    [F_TCP_HDR_LEN] = {put_tcp_hdr_len, 0},
    [F_IP_VERSION] = {put_ip_version, 0},
    [F_IP_HDR_LEN] = {put_ip_hdr_len, 0},
    [F_IP_DF] = {put_ip_df, 0},
    [F_IP_MF] = {put_ip_mf, 0},
    [F_FRAG_OFFSET] = {put_frag_offset, 0},
    [F_PROTO] = {put_proto, 0},
    [F_FILTERS] = {put_filters, 0},
    [F_CLASS] = {put_class, 0},
};

struct columns {
    size_t n;
    enum feature_id ids[FEATURE_COUNT];
    put_fn *put[FEATURE_COUNT];
    unsigned needs;
    char delimiter;
};

static bool no_such_column(const char *name, struct err *e)
{
    struct suggest near = {0};
    char text[128];

    for (size_t i = 0; i < FEATURE_COUNT; i++)
        if (columns[i].put)
            suggest_offer(&near, name, feature_at((enum feature_id)i)->name);
    return err_set(e, "there is no packet column '%s'%s", name,
                   suggest_text(&near, text, sizeof text));
}

static bool add_column(struct columns *c, const char *name, struct err *e)
{
    const struct feature *const f = feature_find(name);

    if (!f || !columns[feature_id(f)].put)
        return no_such_column(name, e);
    const enum feature_id id = feature_id(f);
    if (columns_have(c, id))
        return err_set(e, "column '%s' stands twice", name);
    c->ids[c->n] = id;
    c->put[c->n++] = columns[id].put;
    c->needs |= columns[id].needs;
    return true;
}

struct columns *columns_new(const char *list, enum table_format format, struct err *e)
{
    struct columns *const c = mem_zero(1, sizeof *c);

    c->delimiter = format == TABLE_TSV ? '\t' : ',';
    for (const char *p = list;; p++) {
        const size_t n = strcspn(p, ",");
        char *const name = mem_string(p, n);
        const bool ok = add_column(c, name, e);
        free(name);
        if (!ok) {
            columns_free(c);
            return NULL;
        }
        p += n;
        if (!*p)
            return c;
    }
}

bool columns_apart(enum feature_id id, unsigned extra)
{
    return (id == F_CLASS && !(extra & COLUMN_CLASS)) ||
           (id == F_FILTERS && !(extra & COLUMN_FILTERS)) ||
           (id == F_TAG && !(extra & COLUMN_TAG)) ||
           (id >= F_HOST_FLOWS && id <= F_HOST_REPEAT_GAP_STD && !(extra & COLUMN_CONTEXT));
}

char *columns_all(unsigned extra)
{
    struct textbuf t = {0};

    for (size_t i = 0; i < FEATURE_COUNT; i++)
        if (columns[i].put && !columns_apart((enum feature_id)i, extra)) {
            if (t.n > 0)
                textbuf_char(&t, ',');
            textbuf_put(&t, feature_at((enum feature_id)i)->name);
        }
    return t.p;
}

void columns_free(struct columns *c)
{
    free(c);
}

bool columns_have(const struct columns *c, enum feature_id id)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->ids[i] == id)
            return true;
    return false;
}

unsigned columns_need(const struct columns *c)
{
    return c->needs;
}

void columns_header(const struct columns *c, struct out *o)
{
    for (size_t i = 0; i < c->n; i++) {
        if (i > 0)
            out_bytes(o, &c->delimiter, 1);
        out_text(o, feature_at(c->ids[i])->name);
    }
    out_text(o, "\n");
}

void columns_row(const struct columns *c, const struct row *r, struct out *o)
{
    char *p =
        out_reserve(o, c->n * (VALUE_MAX + 1) + r->origin->n + r->class.n + named_room(r->named));

    for (size_t i = 0; i < c->n; i++) {
        p = c->put[i](p, r);
        *p++ = c->delimiter;
    }
    p[-1] = '\n';
    out_advance(o, p);
}

void columns_registry(struct out *o)
{
    out_text(o, "name\trole\tlevel\tsource\tbits\tunit\tmeaning\n");
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        const struct feature *const f = feature_at((enum feature_id)i);
        out_printf(o, "%s\t%s\t%s\t%s\t", f->name, feature_role_name(f->role),
                   feature_level_name(f->level), feature_source_name(f->source));
        if (f->bits)
            out_printf(o, "%u", f->bits);
        out_printf(o, "\t%s\t%s\n", f->unit, f->meaning);
    }
}
