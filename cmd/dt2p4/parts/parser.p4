// Reads Ethernet, up to 4 VLAN tags, IPv4 with options and fragments, IPv6 with up to 4 extension
// headers, ports. Of a packet that ends, or nests, too soon meta.whole stays false: it is forwarded,
// but not classified.
parser Reader(packet_in packet, out headers_t hdr, inout metadata_t meta,
              inout standard_metadata_t standard) {
    state start {
        packet.extract(hdr.ethernet);
        meta.type = hdr.ethernet.type;
        meta.ip_at = 14;
#ifdef TEST_TS
        transition select(meta.type) {
            TYPE_SHIM: shim;
            default: behind_type;
        }
    }

    state shim {
        packet.extract(hdr.shim);
        meta.type = hdr.shim.type;
        meta.ip_at = 28;
#endif
        transition behind_type;
    }

    state behind_type {
        transition select(meta.type) {
            TYPE_IPV4: ipv4;
            TYPE_IPV6: ipv6;
            0x8100: tag;
            0x88a8: tag;
            0x9100: tag;
            0x9200: tag;
            0x9300: tag;
            default: accept;
        }
    }

    state tag {
        packet.extract(hdr.tags.next);
        meta.type = hdr.tags.last.type;
        meta.ip_at = meta.ip_at + 4;
        transition behind_type;
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        meta.proto = hdr.ipv4.proto;
        transition select(hdr.ipv4.version, hdr.ipv4.ihl) {
            (4, 5 .. 15): ipv4_options;
            default: accept;
        }
    }

    state ipv4_options {
        packet.extract(hdr.ipv4_options, ((bit<32>)hdr.ipv4.ihl - 5) * 32);
        meta.fragment_offset = hdr.ipv4.offset;
        meta.more_fragments = hdr.ipv4.more_fragments;
        transition select(meta.fragment_offset) {
            0: behind_header;
            default: whole;
        }
    }

    state ipv6 {
        packet.extract(hdr.ipv6);
        meta.proto = hdr.ipv6.next;
        meta.is_ipv6 = true;
        transition select(hdr.ipv6.version) {
            6: behind_header;
            default: accept;
        }
    }

    state behind_header {
        transition select(meta.is_ipv6, meta.proto) {
            (_, PROTO_AH): authentication;
            (true, PROTO_FRAGMENT): fragment;
            (true, PROTO_HOPOPTS): extension;
            (true, PROTO_ROUTING): extension;
            (true, PROTO_DSTOPTS): extension;
            (true, PROTO_MOBILITY): extension;
            (true, PROTO_HIP): extension;
            (true, PROTO_SHIM6): extension;
            (_, PROTO_TCP): ports;
            (_, PROTO_UDP): ports;
            (_, PROTO_SCTP): ports;
            (_, PROTO_UDPLITE): ports;
            (_, PROTO_DCCP): ports;
            default: whole;
        }
    }

    state authentication {
        meta.extension = (bit<32>)packet.lookahead<bit<16>>()[7:0] * 4 + 8;
        packet.extract(hdr.extensions.next, (meta.extension - 8) * 8);
        transition behind_extension;
    }

    state extension {
        meta.extension = (bit<32>)packet.lookahead<bit<16>>()[7:0] * 8 + 8;
        packet.extract(hdr.extensions.next, (meta.extension - 8) * 8);
        transition behind_extension;
    }

    state behind_extension {
        meta.extensions = meta.extensions + meta.extension;
        meta.proto = hdr.extensions.last.next;
        transition behind_header;
    }

    state fragment {
        packet.extract(hdr.extensions.next, 0);
        meta.extensions = meta.extensions + 8;
        meta.proto = hdr.extensions.last.next;
        meta.fragment_offset = hdr.extensions.last.offset;
        meta.more_fragments = hdr.extensions.last.more_fragments;
        transition select(meta.fragment_offset) {
            0: behind_header;
            default: whole;
        }
    }

    state whole {
        meta.whole = true;
        transition accept;
    }

    state ports {
        packet.extract(hdr.ports);
        meta.whole = true;
