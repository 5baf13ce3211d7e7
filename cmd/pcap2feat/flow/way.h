/* The two ways of a flow. */
#ifndef PCAP2FEAT_FLOW_WAY_H
#define PCAP2FEAT_FLOW_WAY_H

/* The order is that of arrays by way; 0 and 1 are what a packet has. */
enum way { WAY_BACKWARD, WAY_FORWARD, WAY_BOTH };

#endif
