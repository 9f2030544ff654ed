/* What the files of the module `observe` share. */
#ifndef HOLDFAST_OBSERVE_H
#define HOLDFAST_OBSERVE_H

#include <stdbool.h>

struct answer;

/* calls.c: writes the table of system calls that are told. 0 or a negative errno. */
int fill_calls(int map);

struct loader;

/* refusals.c: loads the hook on calls that begin, before the object that asks it. */
void load_refusals(struct loader *loader);
/* Attaches it where it is not; false where the kernel does not have it. */
bool attach_refusals(struct loader *loader);
/* Detaches it once no cgroup is watched for refusals. */
void tick_refusals(struct loader *loader);
/* `noted CGROUP NUMBER...`: calls that the profile of the cgroup lets through and has noted. */
int note_calls(struct loader *loader, int count, char **words, struct answer *answer);

#endif
