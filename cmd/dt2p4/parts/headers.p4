const bit<16> TYPE_IPV4 = 0x0800;
const bit<16> TYPE_IPV6 = 0x86dd;
const bit<16> TYPE_SHIM = 0x88b5;
const bit<16> TYPE_REPORT = 0x88b6;

const bit<16> VLAN_NONE = 0xffff;

const bit<8> PROTO_HOPOPTS = 0;
const bit<8> PROTO_TCP = 6;
const bit<8> PROTO_UDP = 17;
const bit<8> PROTO_DCCP = 33;
const bit<8> PROTO_ROUTING = 43;
const bit<8> PROTO_FRAGMENT = 44;
const bit<8> PROTO_AH = 51;
const bit<8> PROTO_NONE = 59;
const bit<8> PROTO_DSTOPTS = 60;
const bit<8> PROTO_SCTP = 132;
const bit<8> PROTO_MOBILITY = 135;
const bit<8> PROTO_UDPLITE = 136;
const bit<8> PROTO_HIP = 139;
const bit<8> PROTO_SHIM6 = 140;

header ethernet_t {
    bit<48> dst;
    bit<48> src;
    bit<16> type;
}

#ifdef TEST_TS
// Made by pcapshim(1): the packet's recorded time and its number.
header shim_t {
    bit<64> ts;
    bit<32> sequence;
    bit<16> type;
}
#endif

header tag_t {
    bit<3> priority;
    bit<1> drop_eligible;
    bit<12> id;
    bit<16> type;
}

header ipv4_t {
    bit<4> version;
    bit<4> ihl;
    bit<6> dscp;
    bit<2> ecn;
    bit<16> length;
    bit<16> identification;
    bit<1> reserved;
    bit<1> dont_fragment;
    bit<1> more_fragments;
    bit<13> offset;
    bit<8> ttl;
    bit<8> proto;
    bit<16> checksum;
    bit<32> src;
    bit<32> dst;
}

header ipv4_options_t {
    varbit<320> options;
}

header ipv6_t {
    bit<4> version;
    bit<6> dscp;
    bit<2> ecn;
    bit<20> label;
    bit<16> length;
    bit<8> next;
    bit<8> hop_limit;
    bit<128> src;
    bit<128> dst;
}

// Any extension header of IPv6; an authentication header may stand behind IPv4, too.
header extension_t {
    bit<8> next;
    bit<8> length;
    bit<13> offset; // of a fragment, as the next two
    bit<2> reserved;
    bit<1> more_fragments;
    bit<32> fixed;
    varbit<16320> rest;
}

header ports_t {
    bit<16> src;
    bit<16> dst;
}
