#include "loader.h"

#include <stdlib.h>
#include <string.h>

/*
 * What was dropped, by cgroup and type: of the queue counted here, of the rings read from the kernel's maps. As many as
 * the kernel's map holds; what finds no place is counted by type alone (cgroup 0).
 */
#define COUNTS 16384
/* One frame tells this many; more are told in several. */
#define COUNTS_A_FRAME 512

static struct count {
	struct lost_key key;
	uint64_t count;
	bool used;
} counts[COUNTS];
static uint64_t count_of_type[RECORD_TYPES];
static int counts_used;
static uint64_t told_total;

static struct count *place_of(uint64_t cgroup, uint32_t type)
{
	uint64_t hash = (cgroup * 0x9e3779b97f4a7c15ull) ^ (type * 0xff51afd7ed558ccdull);

	for (uint32_t i = hash >> 32;; i++) {
		struct count *count = &counts[i % COUNTS];

		if (!count->used || (count->key.cgroup == cgroup && count->key.type == type))
			return count;
	}
}

void count_dropped(uint64_t cgroup, uint32_t type)
{
	struct count *count = place_of(cgroup, type);

	if (!count->used && counts_used == COUNTS - 1) {
		count_of_type[type < RECORD_TYPES ? type : 0]++;
		return;
	}
	if (!count->used) {
		counts_used++;
		*count = (struct count){.key = {.cgroup = cgroup, .type = type}, .used = true};
	}
	count->count++;
}

struct telling {
	struct loader *loader;
	struct json json;
	int in_frame;
};

static void end_frame(struct telling *telling)
{
	json_raw(&telling->json, "]}");
	frames_tell(&telling->loader->frames, &telling->json);
	telling->in_frame = 0;
}

static void tell_count(struct telling *telling, uint64_t cgroup, uint32_t type, uint64_t count)
{
	if (!count)
		return;
	if (!telling->in_frame) {
		json_start(&telling->json);
		json_raw(&telling->json, "{\"told\":\"lost\",\"records\":[");
	}
	json_raw(&telling->json, "%s{\"cgroup\":\"%llu\",\"type\":%u,\"count\":%llu}", telling->in_frame ? "," : "",
		 (unsigned long long)cgroup, type, (unsigned long long)count);
	if (++telling->in_frame == COUNTS_A_FRAME)
		end_frame(telling);
}

static uint64_t of_ring(struct loader *loader, const struct lost_key *key)
{
	uint64_t count = 0;

	return bpf_map_lookup_elem(loader->lost, key, &count) ? 0 : count;
}

static uint64_t of_type(struct loader *loader, uint32_t type)
{
	uint64_t count = 0;

	if (bpf_map_lookup_elem(loader->lost_of_type, &type, &count))
		count = 0;
	return count + count_of_type[type];
}

/* Everything dropped so far. Counts only grow, so an equal total means that nothing changed. */
static uint64_t total(struct loader *loader)
{
	struct lost_key key, next;
	uint64_t sum = 0;

	for (void *at = NULL; !bpf_map_get_next_key(loader->lost, at, &next); at = &key) {
		key = next;
		sum += of_ring(loader, &key);
	}
	for (int i = 0; i < COUNTS; i++)
		sum += counts[i].count;
	for (uint32_t type = 0; type < RECORD_TYPES; type++)
		sum += of_type(loader, type);
	return sum;
}

void tell_lost(struct loader *loader)
{
	static struct telling telling;
	struct lost_key key, next;
	uint64_t sum = total(loader);

	if (sum == told_total)
		return;
	told_total = sum;
	telling.loader = loader;
	for (void *at = NULL; !bpf_map_get_next_key(loader->lost, at, &next); at = &key) {
		struct count *count = place_of(next.cgroup, next.type);

		key = next;
		tell_count(&telling, key.cgroup, key.type, of_ring(loader, &key) + (count->used ? count->count : 0));
	}
	for (int i = 0; i < COUNTS; i++)
		if (counts[i].used && !of_ring(loader, &counts[i].key))
			tell_count(&telling, counts[i].key.cgroup, counts[i].key.type, counts[i].count);
	for (uint32_t type = 0; type < RECORD_TYPES; type++)
		tell_count(&telling, 0, type, of_type(loader, type));
	if (telling.in_frame)
		end_frame(&telling);
}
