/*
 * The loader: one thread, one epoll loop. It loads kernel programs, ships their records as they are (SPEC S3) and takes
 * commands (SPEC S4). A module is one concern: its kernel programs, its commands, its clock.
 */
#ifndef HOLDFAST_LOADER_H
#define HOLDFAST_LOADER_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "frames.h"
#include "json.h"
#include "record.h"

/* The longest command line of SPEC S4, and the most words that one can hold. */
#define COMMAND_MAX_BYTES 4096
#define COMMAND_MAX_WORDS 1024

struct loader {
	struct frames frames;
	/* What the loop waits for. */
	int epoll;
	/* The root of the cgroup v2 hierarchy, open, or -1 where none is mounted. */
	int cgroup_root;
	char cgroup_path[256];
	/* Folder of the product's own bpf file system, where what holds is pinned. */
	const char *holds;
	int high_ring;
	int low_ring;
	int watched;
	int lost;
	int lost_of_type;
	bool stopping;
};

/* The answer to one command. A command that returns below zero failed; `error` may say why better than errno. */
struct answer {
	char error[256];
	/* More members of the result: `,"name":value`. */
	struct json more;
};

struct command {
	const char *verb;
	int min_words;
	int max_words;
	/* `words[0]` is the first argument, percent-decoded. 0, or a negative errno. */
	int (*run)(struct loader *loader, int count, char **words, struct answer *answer);
};

struct module {
	const char *name;
	/* With every privilege that the loader was started with; may be NULL. */
	int (*prepare)(struct loader *loader);
	/* With the privileges that are kept. Tells one `program` line each; below zero ends the loader. */
	int (*load)(struct loader *loader);
	/* Ended by one with `verb` NULL; may be NULL. */
	const struct command *commands;
	/* Once a second; may be NULL. */
	void (*tick)(struct loader *loader);
	/* Before the loader ends; may be NULL. Pinned things stay. */
	void (*stop)(struct loader *loader);
};

/* modules.c: every module, in the order of loading. */
extern const struct module *const modules[];

/* An object of kernel programs, as `bpftool gen skeleton` puts it into the binary. */
struct image {
	const char *name;
	const void *(*bytes)(size_t *size);
	/* Makes what must be made before loading (autoload, sizes); may be NULL. */
	void (*configure)(struct loader *loader, struct bpf_object *object);
};

/*
 * objects.c: loads an object, sharing the maps of maps.h by name, without the programs that this kernel refuses: each
 * of those is told with its error. NULL where nothing of it loads.
 */
struct bpf_object *load_object(struct loader *loader, const struct image *image);

/*
 * Attaches every loaded program of the object to what its section names; cgroup programs at the root of the hierarchy.
 * Tells each. The links live as long as the process. How many attached.
 */
int attach_object(struct loader *loader, struct bpf_object *object);

void tell_program(struct loader *loader, const char *name, int error, const char *why);

/* File descriptor of a map by name, or -1. */
int map_of(struct bpf_object *object, const char *name);

/* Decimal, whole and in range, or -EINVAL. */
int parse_u64(const char *text, uint64_t *value);

/* counts.c: records that were dropped, by cgroup and type, those of the queue and those of the rings together. */
void count_dropped(uint64_t cgroup, uint32_t type);
/* Tells the counts where they changed since the last time. */
void tell_lost(struct loader *loader);

/* policy.c: tells what egress lists refused of the cgroups that are watched, or would have, as far as it was not told yet. */
void tell_unlisted(struct loader *loader);

/* rings.c: `open_rings` after the first object is loaded; the others return how many records were taken. */
int open_rings(struct loader *loader);
int drain_high(struct loader *loader);
int drain_low(struct loader *loader);

/* commands.c: takes bytes of standard input; runs each whole line. */
void take_commands(struct loader *loader, const char *bytes, size_t count);

/* hello.c: the first words to the driver, and those that say that every module is loaded. */
void tell_hello(struct loader *loader);
void tell_ready(struct loader *loader);

/*
 * loop.c: `open_loop` makes the loop and its clocks, `open_driver` takes standard input and output into it. `run_loop`
 * returns 0 where nobody commands any more, -EPIPE where nobody reads, another negative errno where the loop failed.
 */
int open_loop(struct loader *loader);
int open_driver(struct loader *loader);
int run_loop(struct loader *loader);
/* Last words: what is queued still goes out, for as long as somebody reads. */
void finish_loop(struct loader *loader);

/* privileges.c: leaves root for `user`, with three capabilities and no way back. 0 or a negative errno. */
int drop_privileges(unsigned int user, unsigned int group);

#endif
