/* What the files of the module `observe` share. */
#ifndef HOLDFAST_OBSERVE_H
#define HOLDFAST_OBSERVE_H

/* calls.c: writes the table of system calls that are told. 0 or a negative errno. */
int fill_calls(int map);

#endif
