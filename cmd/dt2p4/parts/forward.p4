// Where the packet goes: by its destination where a route is set, else from port to port; without
// entries ports are pairs: 0 and 1, 2 and 3.
control Forward(inout headers_t hdr, inout standard_metadata_t standard) {
    @name(".forward") action forward(bit<9> port) {
        standard.egress_spec = port;
    }
    @name(".route") action route(bit<9> port, bit<48> mac) {
        standard.egress_spec = port;
        hdr.ethernet.src = hdr.ethernet.dst;
        hdr.ethernet.dst = mac;
    }
    @name(".across") action across() {
        standard.egress_spec = standard.ingress_port ^ 1;
    }
    @name(".route_ipv4") table route_ipv4 {
        key = {
            hdr.ipv4.dst : lpm @name("dst");
        }
        actions = {
            forward;
            route;
            NoAction;
        }
        default_action = NoAction();
        size = 1024;
    }
    @name(".route_ipv6") table route_ipv6 {
        key = {
            hdr.ipv6.dst : lpm @name("dst");
        }
        actions = {
            forward;
            route;
            NoAction;
        }
        default_action = NoAction();
        size = 1024;
    }
    @name(".from_port") table from_port {
        key = {
            standard.ingress_port : exact @name("port");
        }
        actions = {
            forward;
            across;
        }
        default_action = across();
        size = 512;
    }

    apply {
        bool routed = false;

        if (hdr.ipv4.isValid()) {
            routed = route_ipv4.apply().hit;
        } else if (hdr.ipv6.isValid()) {
            routed = route_ipv6.apply().hit;
        }
        if (!routed) {
            from_port.apply();
        }
    }
}
