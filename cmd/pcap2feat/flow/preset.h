/* --preset: the columns that compare with those of other flow meters. */
#ifndef PCAP2FEAT_FLOW_PRESET_H
#define PCAP2FEAT_FLOW_PRESET_H

enum preset { PRESET_NFSTREAM, PRESET_CICFLOWMETER, PRESET_NETFLOW, PRESET_PSTATS };

/* Their names, by enum preset, and NULL at the end. */
extern const char *const preset_names[];

/* The columns of the preset, separated by commas, in the order in which the other
 * meter has them where it has one. Numbered ones stand with their N. */
const char *preset_columns(enum preset preset);

#endif
