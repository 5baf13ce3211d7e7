/* The fixed parts of the program: files in parts/, which the assembler puts in (parts.S). */
#ifndef DT2P4_PARTS_H
#define DT2P4_PARTS_H

extern const char part_headers[], part_tcp[], part_parser[], part_parser_tcp[], part_parser_end[],
    part_describe[], part_transport[], part_elapsed[], part_change[], part_slot[], part_follow[],
    part_dscp[], part_forward[], part_end[];

#endif
