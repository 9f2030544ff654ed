/* What the loader is started with. */
#ifndef HOLDFAST_OPTIONS_H
#define HOLDFAST_OPTIONS_H

#include <stdbool.h>

struct options {
	unsigned int user;
	unsigned int group;
	/* Where what holds is pinned. */
	const char *holds;
};

/* Reads the command line of the loader. False where it is not understood. */
bool read_options(int count, char **words, struct options *options);

#endif
