#include "loader.h"

#include <errno.h>
#include <string.h>
#include "observe.skel.h"

static const struct image OBSERVE = {.name = "observe", .bytes = observe_bpf__elf_bytes};

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
	return 0;
}

static int watch(struct loader *loader, int count, char **words, struct answer *answer)
{
	static struct watched value;
	uint64_t cgroup, flags;

	(void)count;
	(void)answer;
	if (parse_u64(words[0], &cgroup) || parse_u64(words[1], &flags) || flags > 15)
		return -EINVAL;
	/* A cgroup that is watched already keeps what was counted of it. */
	if (bpf_map_lookup_elem(loader->watched, &cgroup, &value))
		memset(&value, 0, sizeof(value));
	value.flags = flags;
	return bpf_map_update_elem(loader->watched, &cgroup, &value, BPF_ANY);
}

static int unwatch(struct loader *loader, int count, char **words, struct answer *answer)
{
	uint64_t cgroup;

	(void)count;
	(void)answer;
	if (parse_u64(words[0], &cgroup))
		return -EINVAL;
	return bpf_map_delete_elem(loader->watched, &cgroup);
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
	{"sync", 0, 0, sync_all},
	{"stop", 0, 0, stop},
	{0},
};

const struct module observe_module = {
	.name = "observe",
	.load = load,
	.commands = COMMANDS,
};
