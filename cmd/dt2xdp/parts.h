/* The fixed parts of the program: files in parts/, which the assembler puts in (parts.S). */
#ifndef DT2XDP_PARTS_H
#define DT2XDP_PARTS_H

extern const char part_head[], part_packet[], part_state[], part_flow[], part_last[], part_find[],
    part_first_state[], part_ends[], part_amounts[], part_follow[], part_class[], part_capture[],
    part_latest[], part_elapsed[], part_change[], part_features[], part_votes[], part_report[],
    part_dscp[];

#endif
