/*
 * Notes of holds and pauses that ended without a driver's word, for the next driver to put on record: JSON lines in
 * `<folder>.ended`, beside the folder of what is pinned; gone with the next start of the machine, as the holds are.
 */
#ifndef HOLDFAST_HOLD_NOTES_H
#define HOLDFAST_HOLD_NOTES_H

#include <stdint.h>

/* The open file, or -1. What it is for goes on without it. */
int hold_notes_open(const char *folder);
/* `kind`: `hold` or `pause`. `how`: `expired` or `local`, by root on the host. */
void hold_note_end(int notes, uint64_t cgroup, const char *kind, const char *how, uint64_t boot_ns);

#endif
