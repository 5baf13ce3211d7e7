/* The packet, read as pcap2feat(1) reads it: Ethernet, up to DEPTH tags and extension headers
 * (VLAN; IPv6 extensions, authentication headers), IPv4 with options and fragments, IPv6. */

enum { DEPTH = 16, VLAN_NONE = 0xffff };

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_SERVICE_VLAN = 0x88a8,
    TYPE_SHIM = 0x88b5,
};

enum {
    PROTO_HOPOPTS = 0,
    PROTO_TCP = 6,
    PROTO_UDP = 17,
    PROTO_DCCP = 33,
    PROTO_ROUTING = 43,
    PROTO_FRAGMENT = 44,
    PROTO_AH = 51,
    PROTO_NONE = 59,
    PROTO_DSTOPTS = 60,
    PROTO_SCTP = 132,
    PROTO_MOBILITY = 135,
    PROTO_UDPLITE = 136,
    PROTO_HIP = 139,
    PROTO_SHIM6 = 140,
};

struct packet {
    __u64 ts; /* ns */
    __u32 frame_len;
    __u32 sequence;
    __u32 ip_at; /* where the IP header begins */
    __u32 at;    /* how far the packet has been read */
    __u32 wire;  /* bytes of the IP packet from `at` on, as its header says */
    __u32 depth; /* tags and extension headers so far */
    __u16 len;   /* bytes of the IP packet */
    __u16 payload_len;
    __u16 src_port, dst_port;
    __u16 vlan;
    __u16 tcp_window;
    __u16 ip_hdr_len;      /* with options, extension and authentication headers */
    __u16 fragment_offset; /* bytes */
    __u8 ip_version, proto, ttl, dscp, ecn, tcp_flags, tcp_hdr_len;
    __u8 dont_fragment, more_fragments;
    bool transport_unknown; /* the TCP or UDP header contradicts itself or is not there */
    bool tcp_unknown;       /* and it is TCP's */
    __u8 src[16], dst[16];  /* IPv4 in the first 4 bytes */
};

/* The n bytes at an offset of the packet, or NULL where it ends before. */
static __always_inline __u8 *bytes_at(struct xdp_md *ctx, __u32 offset, __u32 n)
{
    __u8 *const p = (__u8 *)(long)ctx->data + (offset & 0x7fff);

    if (offset > 0x7fff || p + n > (__u8 *)(long)ctx->data_end)
        return NULL;
    return p;
}

static __always_inline __u16 be16(const __u8 *p)
{
    return (__u16)(p[0] << 8 | p[1]);
}

static __always_inline __u16 saturate(__u32 n)
{
    return n > 0xffff ? 0xffff : (__u16)n;
}

static __always_inline bool has_ports(__u8 proto)
{
    return proto == PROTO_TCP || proto == PROTO_UDP || proto == PROTO_SCTP ||
           proto == PROTO_UDPLITE || proto == PROTO_DCCP;
}

static __always_inline bool is_extension(__u8 proto)
{
    return proto == PROTO_HOPOPTS || proto == PROTO_ROUTING || proto == PROTO_FRAGMENT ||
           proto == PROTO_AH || proto == PROTO_DSTOPTS || proto == PROTO_MOBILITY ||
           proto == PROTO_HIP || proto == PROTO_SHIM6;
}

/* The n bytes of the IP packet's payload at p->at: NULL too where the payload is shorter. */
static __always_inline const __u8 *payload_at(struct xdp_md *ctx, const struct packet *p, __u32 n)
{
    return p->wire < n ? NULL : bytes_at(ctx, p->at, n);
}

/* A loop over tags or headers, as bpf_loop() wants it: the verifier looks at one step alone. */
struct walk {
    struct xdp_md *ctx;
    struct packet *p;
    __u16 type; /* EtherType, after the tags so far */
    bool ok;    /* false: the packet ends, or nests, too soon */
};

static __always_inline void read_fragment(struct packet *p, __u16 offset, __u8 more)
{
    p->fragment_offset = offset;
    p->more_fragments = more;
}

/* One extension header, of which p->proto becomes what comes next. */
static __always_inline bool skip_extension(struct xdp_md *ctx, struct packet *p)
{
    const __u8 *const h = payload_at(ctx, p, 8);
    __u32 n = 8;

    if (!h || ++p->depth > DEPTH)
        return false;
    if (p->proto == PROTO_FRAGMENT)
        read_fragment(p, be16(h + 2) & 0xfff8, h[3] & 1);
    else if (p->proto == PROTO_AH)
        n = (h[1] + 2u) * 4;
    else
        n = (h[1] + 1u) * 8;
    if (n > p->wire)
        return false;
    p->proto = h[0];
    p->ip_hdr_len += n;
    p->at += n;
    p->wire -= n;
    return bytes_at(ctx, p->at, 0) != NULL;
}

/* IPv4 has authentication headers alone among the extensions. */
static __always_inline bool at_extension(const struct packet *p)
{
    if (p->fragment_offset)
        return false;
    return p->ip_version == 4 ? p->proto == PROTO_AH : is_extension(p->proto);
}

static long step_extension(__u64 i, struct walk *w)
{
    if (!at_extension(w->p))
        return 1;
    w->ok = skip_extension(w->ctx, w->p);
    return !w->ok;
}

static __always_inline bool skip_extensions(struct xdp_md *ctx, struct packet *p)
{
    struct walk w = {.ctx = ctx, .p = p, .ok = true};

    if (at_extension(p))
        bpf_loop(DEPTH + 1, step_extension, &w, 0);
    return w.ok;
}

static __always_inline bool read_transport(struct xdp_md *ctx, struct packet *p)
{
    p->payload_len = saturate(p->wire);
    if (p->fragment_offset)
        return true;
    if (has_ports(p->proto)) {
        const __u8 *const h = payload_at(ctx, p, 4);
        if (!h)
            return false;
        p->src_port = be16(h);
        p->dst_port = be16(h + 2);
    }
    __u32 header = 0, least = 0;
    if (p->proto == PROTO_UDP) {
        header = least = 8;
    } else if (p->proto == PROTO_TCP) {
        const __u8 *const h = payload_at(ctx, p, 16);
        least = 20;
        if (h) {
            header = (h[12] >> 4) * 4u;
            p->tcp_hdr_len = (__u8)header;
            p->tcp_flags = h[13];
            p->tcp_window = be16(h + 14);
        }
    }
    p->transport_unknown = header < least || header > p->wire;
    p->tcp_unknown = p->transport_unknown && p->proto == PROTO_TCP;
    p->payload_len = p->transport_unknown ? 0 : saturate(p->wire - header);
    return true;
}

static __always_inline bool read_ipv4(struct xdp_md *ctx, struct packet *p)
{
    const __u8 *const h = bytes_at(ctx, p->at, 20);

    if (!h)
        return false;
    const __u32 captured = p->frame_len - p->at;
    const __u32 header = (h[0] & 0x0f) * 4u, total = be16(h + 2);
    const __u32 length = total ? total : saturate(captured);
    if (h[0] >> 4 != 4 || header < 20 || length < header || header > captured)
        return false;
    p->ip_version = 4;
    p->dscp = h[1] >> 2;
    p->ecn = h[1] & 3;
    p->dont_fragment = h[6] >> 6 & 1;
    read_fragment(p, (be16(h + 6) & 0x1fff) << 3, h[6] >> 5 & 1);
    p->ttl = h[8];
    p->proto = h[9];
    __builtin_memcpy(p->src, h + 12, 4);
    __builtin_memcpy(p->dst, h + 16, 4);
    p->len = (__u16)length;
    p->ip_hdr_len = header;
    p->at += header;
    p->wire = length - header;
    return skip_extensions(ctx, p) && read_transport(ctx, p);
}

static __always_inline bool read_ipv6(struct xdp_md *ctx, struct packet *p)
{
    const __u8 *const h = bytes_at(ctx, p->at, 40);

    if (!h || h[0] >> 4 != 6)
        return false;
    const __u32 captured = p->frame_len - p->at - 40;
    const __u32 said = be16(h + 4);
    p->ip_version = 6;
    p->dscp = (__u8)(be16(h) >> 6 & 0x3f);
    p->ecn = h[1] >> 4 & 3;
    p->proto = h[6];
    p->ttl = h[7];
    __builtin_memcpy(p->src, h + 8, 16);
    __builtin_memcpy(p->dst, h + 24, 16);
    p->wire = said || p->proto == PROTO_NONE ? said : captured;
    p->len = saturate(p->wire + 40);
    p->ip_hdr_len = 40;
    p->at += 40;
    return skip_extensions(ctx, p) && read_transport(ctx, p);
}

static __always_inline bool is_tag(__u16 type)
{
    return type == TYPE_VLAN || type == TYPE_SERVICE_VLAN ||
           (type >= 0x9100 && type <= 0x9300 && (type & 0xff) == 0);
}

static long step_tag(__u64 i, struct walk *w)
{
    struct packet *const p = w->p;

    if (!is_tag(w->type))
        return 1;
    const __u8 *const h = bytes_at(w->ctx, p->at, 4);
    w->ok = h && ++p->depth <= DEPTH;
    if (!w->ok)
        return 1;
    if (p->vlan == VLAN_NONE)
        p->vlan = be16(h) & 0x0fff;
    w->type = be16(h + 2);
    p->at += 4;
    return 0;
}

/* False where there is no IP packet, or none that is whole enough to have a verdict. */
__noinline int read_packet(struct xdp_md *ctx, struct packet *p)
{
    const __u8 *h = bytes_at(ctx, 0, 14);

    if (!h || !p)
        return false;
    __u16 type = be16(h + 12);
    p->at = 14;
    p->vlan = VLAN_NONE;
#ifdef TEST_TS
    if (type == TYPE_SHIM) {
        h = bytes_at(ctx, p->at, 14);
        if (!h)
            return false;
        for (int i = 0; i < 8; i++)
            p->ts = p->ts << 8 | h[i];
        for (int i = 8; i < 12; i++)
            p->sequence = p->sequence << 8 | h[i];
        type = be16(h + 12);
        p->at += 14;
    }
#endif
    if (is_tag(type)) {
        struct walk w = {.ctx = ctx, .p = p, .type = type, .ok = true};
        bpf_loop(DEPTH + 1, step_tag, &w, 0);
        if (!w.ok)
            return false;
        type = w.type;
    }
    p->ip_at = p->at;
    if (type == TYPE_IPV4)
        return read_ipv4(ctx, p);
    return type == TYPE_IPV6 && read_ipv6(ctx, p);
}
