/* The fixed parts of the program. */
    .include "common/parts.inc"

    part part_head, "cmd/dt2xdp/parts/head.h"
    part part_packet, "cmd/dt2xdp/parts/packet.h"
    part part_state, "cmd/dt2xdp/parts/state.h"
    part part_flow, "cmd/dt2xdp/parts/flow.h"
    part part_capture, "cmd/dt2xdp/parts/capture.h"
    part part_latest, "cmd/dt2xdp/parts/latest.h"
    part part_elapsed, "cmd/dt2xdp/parts/elapsed.h"
    part part_change, "cmd/dt2xdp/parts/change.h"
    part part_votes, "cmd/dt2xdp/parts/votes.h"
    part part_report, "cmd/dt2xdp/parts/report.h"
    part part_dscp, "cmd/dt2xdp/parts/dscp.h"
