/* The fixed parts of the program, as texts that end in NUL. */
.macro part name, file
    .global \name
\name:
    .incbin "\file"
    .byte 0
.endm

    .section .rodata, "a"
    part part_headers, "cmd/dt2p4/parts/headers.p4"
    part part_tcp, "cmd/dt2p4/parts/tcp.p4"
    part part_parser, "cmd/dt2p4/parts/parser.p4"
    part part_parser_tcp, "cmd/dt2p4/parts/parser_tcp.p4"
    part part_parser_end, "cmd/dt2p4/parts/parser_end.p4"
    part part_describe, "cmd/dt2p4/parts/describe.p4"
    part part_transport, "cmd/dt2p4/parts/transport.p4"
    part part_elapsed, "cmd/dt2p4/parts/elapsed.p4"
    part part_change, "cmd/dt2p4/parts/change.p4"
    part part_slot, "cmd/dt2p4/parts/slot.p4"
    part part_dscp, "cmd/dt2p4/parts/dscp.p4"
    part part_forward, "cmd/dt2p4/parts/forward.p4"
    part part_end, "cmd/dt2p4/parts/end.p4"

    .section .note.GNU-stack, "", @progbits
