#include "loader.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include "observe.h"
#include "observe-calls.skel.h"
#include "observe-capability.skel.h"
#include "observe-net.skel.h"
#include "observe-uring.skel.h"
#include "observe.skel.h"

static const struct image OBSERVE = {.name = "observe", .bytes = observe_bpf__elf_bytes};
static const struct image CALLS_IMAGE = {.name = "observe_calls", .bytes = observe_calls_bpf__elf_bytes};
/* What stands alone: it is loaded and attached where the kernel has it. */
static const struct image OTHERS[] = {
	{.name = "observe_capability", .bytes = observe_capability_bpf__elf_bytes},
	{.name = "observe_net", .bytes = observe_net_bpf__elf_bytes},
	{.name = "observe_uring", .bytes = observe_uring_bpf__elf_bytes},
};

/* As in bpf/sensitive.h. */
#define SENSITIVE_KEY_BYTES 248

struct sensitive_key {
	uint32_t bits;
	uint8_t path[SENSITIVE_KEY_BYTES];
};

static int sensitive_map = -1;

static int load_calls(struct loader *loader)
{
	struct bpf_object *object = load_object(loader, &CALLS_IMAGE);
	int error;

	/* Told already; the rest of the sensor sees what it can without it. */
	if (!object)
		return 0;
	sensitive_map = map_of(object, "sensitive");
	error = fill_calls(map_of(object, "calls"));
	if (!error)
		attach_object(loader, object);
	return error;
}

static void load_others(struct loader *loader)
{
	for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
		struct bpf_object *object = load_object(loader, &OTHERS[i]);

		if (object)
			attach_object(loader, object);
	}
}

static int load(struct loader *loader)
{
	struct bpf_object *object = load_object(loader, &OBSERVE);

	if (!object)
		return -EOPNOTSUPP;
	loader->high_ring = map_of(object, "high_ring");
	loader->low_ring = map_of(object, "low_ring");
	loader->watched = map_of(object, "watched");
	loader->lost = map_of(object, "lost");
	loader->lost_of_type = map_of(object, "lost_of_type");
	attach_object(loader, object);
	load_others(loader);
	load_refusals(loader);
	return load_calls(loader);
}

static uint64_t boot_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static int watch(struct loader *loader, int count, char **words, struct answer *answer)
{
	static struct watched value;
	uint64_t cgroup, flags;

	(void)count;
	(void)answer;
	if (parse_u64(words[0], &cgroup) || parse_u64(words[1], &flags) || flags > 31)
		return -EINVAL;
	/* A cgroup that is watched already keeps what was counted of it. */
	if (bpf_map_lookup_elem(loader->watched, &cgroup, &value))
		memset(&value, 0, sizeof(value));
	/* Without the hook on beginnings every call would look as if it had none. */
	if ((flags & WATCH_REFUSALS) && !attach_refusals(loader))
		flags &= ~WATCH_REFUSALS;
	if ((flags & WATCH_REFUSALS) && !(value.flags & WATCH_REFUSALS))
		value.refusals_since = boot_ns() & ~1ull;
	value.flags = flags;
	return bpf_map_update_elem(loader->watched, &cgroup, &value, BPF_ANY) ? -errno : 0;
}

static int unwatch(struct loader *loader, int count, char **words, struct answer *answer)
{
	uint64_t cgroup;

	(void)count;
	(void)answer;
	if (parse_u64(words[0], &cgroup))
		return -EINVAL;
	/* Counted until now, and told once a second: after this it would be nobody's. */
	tell_unlisted(loader);
	return bpf_map_delete_elem(loader->watched, &cgroup) ? -errno : 0;
}

static int sensitive(struct loader *loader, int count, char **words, struct answer *answer)
{
	struct sensitive_key key = {0};
	size_t bytes = strlen(words[1]);
	uint32_t one = 1;

	(void)loader;
	(void)count;
	(void)answer;
	if (strcmp(words[0], "add") || words[1][0] != '/' || bytes > SENSITIVE_KEY_BYTES)
		return -EINVAL;
	if (sensitive_map < 0)
		return -EOPNOTSUPP;
	key.bits = bytes * 8;
	memcpy(key.path, words[1], bytes);
	return bpf_map_update_elem(sensitive_map, &key, &one, BPF_ANY) ? -errno : 0;
}

/* The bitmap of a cgroup as a record like those of the kernel; it belongs to no process. */
static int syscalls(struct loader *loader, int count, char **words, struct answer *answer)
{
	static struct watched value;
	struct {
		struct record head;
		struct field_head field;
		uint8_t bitmap[64];
		uint32_t zero;
	} told = {.head = {.type = RECORD_SYSCALLS, .flags = RECORD_HIGH, .bytes = sizeof(told)},
		  .field = {.tag = FIELD_BITMAP, .bytes = 64}};
	(void)count;
	(void)answer;
	if (parse_u64(words[0], &told.head.cgroup))
		return -EINVAL;
	if (bpf_map_lookup_elem(loader->watched, &told.head.cgroup, &value))
		return -errno;
	told.head.boot_ns = boot_ns();
	for (int i = 0; i < SYSCALL_COUNTERS; i++)
		told.head.numbers[0] += value.calls[i].count;
	memcpy(told.bitmap, value.called, sizeof(told.bitmap));
	if (!frames_record(&loader->frames, &told.head))
		count_dropped(told.head.cgroup, told.head.type);
	return 0;
}

static int syscalls_reset(struct loader *loader, int count, char **words, struct answer *answer)
{
	static struct watched value;
	uint64_t cgroup;

	(void)count;
	(void)answer;
	if (parse_u64(words[0], &cgroup))
		return -EINVAL;
	if (bpf_map_lookup_elem(loader->watched, &cgroup, &value))
		return -errno;
	memset(value.called, 0, sizeof(value.called));
	memset(value.calls, 0, sizeof(value.calls));
	return bpf_map_update_elem(loader->watched, &cgroup, &value, BPF_EXIST) ? -errno : 0;
}

/* All that happened before this command is in front of its result, and the counts of loss are exact up to it. */
static int sync_all(struct loader *loader, int count, char **words, struct answer *answer)
{
	(void)count;
	(void)words;
	(void)answer;
	drain_high(loader);
	drain_low(loader);
	tell_lost(loader);
	return 0;
}

static int stop(struct loader *loader, int count, char **words, struct answer *answer)
{
	loader->stopping = true;
	return sync_all(loader, count, words, answer);
}

static const struct command COMMANDS[] = {
	{"watch", 2, 2, watch},
	{"unwatch", 1, 1, unwatch},
	{"sensitive", 2, 2, sensitive},
	{"noted", 1, COMMAND_MAX_WORDS - 1, note_calls},
	{"syscalls", 1, 1, syscalls},
	{"syscalls-reset", 1, 1, syscalls_reset},
	{"sync", 0, 0, sync_all},
	{"stop", 0, 0, stop},
	{0},
};

const struct module observe_module = {
	.name = "observe",
	.load = load,
	.commands = COMMANDS,
	.tick = tick_refusals,
};
