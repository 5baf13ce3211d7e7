// A program around the const entries of dt2p4entries: the include path must hold entries.p4.
#include <core.p4>
#include <v1model.p4>

struct headers_t {
}

struct metadata_t {
    bit<8> gap__us_;
    bit<4> len;
    bit<16> verdict;
}

parser MyParser(packet_in packet, out headers_t hdr, inout metadata_t meta,
                inout standard_metadata_t standard) {
    state start {
        transition accept;
    }
}

control NoChecksum(inout headers_t hdr, inout metadata_t meta) {
    apply {
    }
}

control MyIngress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard) {
    action set_class(bit<16> verdict) {
        meta.verdict = verdict;
    }
    table classify {
        key = {
            meta.gap__us_ : range @name("gap__us_");
            meta.len : range @name("len");
        }
        actions = {
            set_class;
            NoAction;
        }
#include "entries.p4"
    }
    apply {
        classify.apply();
    }
}

control MyEgress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard) {
    apply {
    }
}

control MyDeparser(packet_out packet, in headers_t hdr) {
    apply {
    }
}

V1Switch(MyParser(), NoChecksum(), MyIngress(), MyEgress(), NoChecksum(), MyDeparser()) main;
