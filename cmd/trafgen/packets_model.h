/* The packets of a model: flows that draw from it, each with its own random numbers. */
#ifndef TRAFGEN_PACKETS_MODEL_H
#define TRAFGEN_PACKETS_MODEL_H

#include "draws.h"
#include "options.h"
#include "packets.h"

/* o->flows flows (0: one) of the model, which it takes over; they never end.
 *
 * Where the times of a model are those of directions, each direction has a clock and the two are
 * merged, of equal times the forward one first; else the flow has one clock. Both directions begin
 * with the flow, and the flow is shifted so that its first packet stands at its start. A model with
 * one clock and a part for each direction says nothing about their order: each packet's direction
 * is drawn, as often as it was learnt from. */
struct packets *packets_model_new(struct draws *d, const struct options *o);

#endif
