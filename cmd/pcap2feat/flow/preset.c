#include "preset.h"

#include <stddef.h>

static const char nfstream[] =
    "src_ip,src_mac,src_port,dst_ip,dst_mac,dst_port,proto,ip_version,vlan,"
    "start,end,duration,packets,bytes,fwd_start,fwd_end,fwd_duration,fwd_packets,"
    "fwd_bytes,bwd_start,bwd_end,bwd_duration,bwd_packets,bwd_bytes,len_min,"
    "len_mean,len_std,len_max,fwd_len_min,fwd_len_mean,fwd_len_std,fwd_len_max,"
    "bwd_len_min,bwd_len_mean,bwd_len_std,bwd_len_max,iat_min,iat_mean,iat_std,"
    "iat_max,fwd_iat_min,fwd_iat_mean,fwd_iat_std,fwd_iat_max,bwd_iat_min,"
    "bwd_iat_mean,bwd_iat_std,bwd_iat_max,syn,cwr,ece,urg,ack,psh,rst,fin,"
    "fwd_syn,fwd_cwr,fwd_ece,fwd_urg,fwd_ack,fwd_psh,fwd_rst,fwd_fin,bwd_syn,"
    "bwd_cwr,bwd_ece,bwd_urg,bwd_ack,bwd_psh,bwd_rst,bwd_fin,end_reason,dir_N,"
    "len_N,iat_N";

static const char cicflowmeter[] =
    "flow,src_ip,src_port,dst_ip,dst_port,proto,start,duration,fwd_packets,"
    "bwd_packets,fwd_payload_bytes,bwd_payload_bytes,fwd_payload_max,fwd_payload_min,"
    "fwd_payload_mean,fwd_payload_std,bwd_payload_max,bwd_payload_min,"
    "bwd_payload_mean,bwd_payload_std,payload_bytes_per_s,packets_per_s,iat_mean,"
    "iat_std,iat_max,iat_min,fwd_duration,fwd_iat_mean,fwd_iat_std,fwd_iat_max,"
    "fwd_iat_min,bwd_duration,bwd_iat_mean,bwd_iat_std,bwd_iat_max,bwd_iat_min,"
    "fwd_psh,bwd_psh,fwd_urg,bwd_urg,fwd_l4_hdr_bytes,bwd_l4_hdr_bytes,"
    "fwd_packets_per_s,bwd_packets_per_s,payload_min,payload_max,payload_mean,"
    "payload_std,fin,syn,rst,psh,ack,urg,cwr,ece,down_up_permille,"
    "fwd_bulk_bytes_mean,fwd_bulk_packets_mean,fwd_bulk_bytes_per_s,"
    "bwd_bulk_bytes_mean,bwd_bulk_packets_mean,bwd_bulk_bytes_per_s,"
    "fwd_subflow_packets_mean,fwd_subflow_bytes_mean,bwd_subflow_packets_mean,"
    "bwd_subflow_bytes_mean,fwd_init_window,bwd_init_window,fwd_payload_packets,"
    "fwd_l4_hdr_min,active_mean,active_std,active_max,active_min,idle_mean,"
    "idle_std,idle_max,idle_min";

static const char netflow[] =
    "start,end,duration,src_ip,dst_ip,src_port,dst_port,proto,ip_version,vlan,"
    "src_mac,dst_mac,fwd_packets,fwd_bytes,bwd_packets,bwd_bytes,fwd_tcp_flags_or,"
    "bwd_tcp_flags_or,fwd_dscp_first,bwd_dscp_first,end_reason";

static const char pstats[] =
    "src_ip,dst_ip,src_port,dst_port,proto,src_mac,dst_mac,start,end,"
    "fwd_packets,fwd_bytes,bwd_packets,bwd_bytes,fwd_tcp_flags_or,bwd_tcp_flags_or,"
    "end_reason,payload_len_N,iat_N,dir_N,tcp_flags_N";

const char *const preset_names[] = {"nfstream", "cicflowmeter", "netflow", "pstats", NULL};

const char *preset_columns(enum preset preset)
{
    static const char *const all[] = {nfstream, cicflowmeter, netflow, pstats};

    return all[preset];
}
