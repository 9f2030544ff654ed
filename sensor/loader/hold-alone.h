/* For processes that outlive the loader: what keeps a time limit when sensor and server are dead. */
#ifndef HOLDFAST_HOLD_ALONE_H
#define HOLDFAST_HOLD_ALONE_H

#include <stdint.h>

/* Leaves the session, the signals and the standard streams of whoever started this; spared when memory runs out. */
void stand_alone(void);
/* A timer that can be polled for the time on the boot clock, or -1. */
int clock_until(uint64_t boot_ns);

#endif
