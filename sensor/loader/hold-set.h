/* The pinned set of programs and maps that holds cgroups (bpf/hold.h). Shared by every loader of the machine. */
#ifndef HOLDFAST_HOLD_SET_H
#define HOLDFAST_HOLD_SET_H

#include <stdbool.h>
#include <stdint.h>
#include "policy.h"

/* Where the product mounts a bpf file system of its own, unless told otherwise. */
#define HOLD_FOLDER "/run/holdfast/bpf"
#define HOLD_PROGRAMS 14
/* Pids of one command line: 4,096 bytes of seven digits each. */
#define HOLD_LINE_MEMBERS 500
/* What the pins of `hold_link` on interfaces begin with. */
#define HOLD_GUARD "guard_"

struct hold_set {
	/* Whole folder of the set; its maps and links are files in it. */
	char folder[512];
	int holds, hold_count, allowed, members, refusals, refusals_told, claims;
	int policies, governed, policy_refusals, policy_told;
	/* Taken while the set or the number of holds changes, and for as long as somebody uses the set. */
	int change_lock, use_lock;
	/* Where the ends of holds are noted (hold-notes.h), or -1. */
	int notes;
	/* 0 or the negative errno of each program, in the order of `hold_program_names`. */
	int errors[HOLD_PROGRAMS];
};

extern const char *const hold_program_names[HOLD_PROGRAMS];

/*
 * Finds the set, or loads, attaches and pins it; mounts the file system. Needs root. `cgroup_root` is the open root of
 * the hierarchy. 0 or a negative errno.
 */
int hold_set_open(struct hold_set *set, const char *folder, int cgroup_root);
/* As above where a set is there, else -ENOENT: nothing is loaded. */
int hold_set_find(struct hold_set *set, const char *folder);

int hold_set_put(struct hold_set *set, uint64_t cgroup, const struct hold *hold);
/* Ends one hold, with its list, its members and its counts. -ENOENT where there is none. */
int hold_set_release(struct hold_set *set, uint64_t cgroup);
/* Ends what is over by the boot clock, and notes that; how many are left, and when the next one ends (0: none does). */
int hold_set_sweep(struct hold_set *set, uint64_t *next_ns);
/* Whether a hold or a policy uses this allow list; what `hold_set_clear_list` empties. With the change lock held. */
bool hold_set_is_listed(struct hold_set *set, uint32_t list);
void hold_set_clear_list(struct hold_set *set, uint32_t list);
/* Counts anew what is held and governed, for the programs. With the change lock held. */
void hold_set_count(struct hold_set *set);

/* Puts or replaces the policy of a cgroup; the list of the one before goes with it. */
int hold_set_govern(struct hold_set *set, uint64_t cgroup, const struct policy *policy);
/* Ends it, with its list, what carried it and its counts. -ENOENT where there is none. */
int hold_set_let_go(struct hold_set *set, uint64_t cgroup);
/*
 * Ends the holds and policies of cgroups that are gone, unless a process that left one lives on. Needs CAP_DAC_READ_SEARCH;
 * `cgroup_root` is the open root of the hierarchy.
 */
void hold_set_forget_gone(struct hold_set *set, int cgroup_root);

/* Removes the pinned set where nothing is held or governed and no loader uses it. -EBUSY otherwise. */
int hold_set_remove(struct hold_set *set);

/* hold.c: the set of this loader; `error` is below zero where it has none. */
struct hold_set *hold_set_of_loader(int *error);
/*
 * hold.c: `CGROUP PID...` of a command, one row for each pid, into a map of who is in which cgroup. 0 or a negative errno;
 * what stands before the word that failed is in the map.
 */
int hold_take_members(int map, int count, char **words);

uint64_t hold_boot_ns(void);

#endif
