/* What the ways share. */
#ifndef HOLDFAST_WAYS_H
#define HOLDFAST_WAYS_H

#include <stddef.h>
#include <sys/types.h>

struct way {
	const char *name;
	void (*run)(void);
};

/* Each file's own, ended by one without a name. */
extern const struct way MACHINE_WAYS[];
extern const struct way PROCESSES_WAYS[];
extern const struct way PROGRAMS_WAYS[];
extern const struct way FILES_WAYS[];
extern const struct way ENTRIES_WAYS[];

/* As the program was called with them. */
extern const char *folder, *other_cgroup;
extern pid_t victim;
extern char *victim_address;

/* An empty environment, and arguments with which this program does nothing. */
extern char *const NONE[];
extern char *const PROGRAM[];

/* A path in the folder, good until the fourth call after this one. */
const char *in_folder(const char *name);
/* A path below the victim's folder in /proc, good until the next call. */
const char *of_victim(const char *name);
/* Writes this program into an open file. */
void copy_self(int to);
/* Ends this process where it cannot. */
void write_file(const char *path, const char *text);
/* /run becomes an empty folder that nobody else sees. */
void own_run_folder(void);

#endif
