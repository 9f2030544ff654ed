#include "hold-tool.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "hold-claim.h"
#include "hold-notes.h"
#include "hold-pause.h"
#include "hold-probe.h"
#include "hold-set.h"
#include "loader.h"

static int fail(const char *what, int error)
{
	fprintf(stderr, "holdfast-sensor-loader: %s: %s\n", what, strerror(-error));
	return 1;
}

static void list_holds(struct hold_set *set)
{
	uint64_t key, *previous = NULL, now = hold_boot_ns();
	struct hold hold;

	while (!bpf_map_get_next_key(set->holds, previous, &key)) {
		previous = &key;
		if (bpf_map_lookup_elem(set->holds, &key, &hold))
			continue;
		printf("{\"cgroup\":\"%" PRIu64 "\",\"mode\":\"%s\",\"expires\":\"%" PRIu64 "\",\"over\":%s}\n", key,
		       hold.mode == HOLD_QUARANTINE ? "quarantine" : "restrict", (uint64_t)hold.expires_ns,
		       hold.expires_ns && hold.expires_ns <= now ? "true" : "false");
	}
}

static int list_policies(const char *folder)
{
	uint64_t key, *previous = NULL;
	struct hold_set set;
	struct policy policy;
	int error = hold_set_find(&set, folder);

	while (!error && !bpf_map_get_next_key(set.policies, previous, &key)) {
		previous = &key;
		if (bpf_map_lookup_elem(set.policies, &key, &policy))
			continue;
		printf("{\"cgroup\":\"%" PRIu64 "\",\"mode\":\"%s\",\"expires\":\"%" PRIu64 "\",\"artifact\":\"", key,
		       policy.mode == POLICY_ENFORCE ? "enforce" : "monitor", (uint64_t)policy.expires_ns);
		for (int i = 0; i < POLICY_ARTIFACT_BYTES; i++)
			printf("%02x", policy.artifact[i]);
		printf("\"}\n");
	}
	return error && error != -ENOENT ? fail("the pinned set cannot be read", error) : 0;
}

static int ungovern(const char *folder, uint64_t cgroup)
{
	struct hold_set set;
	int error = hold_set_find(&set, folder);

	if (!error)
		error = hold_set_let_go(&set, cgroup);
	if (!error)
		hold_set_remove(&set);
	return error ? fail("no list was ended", error) : 0;
}

static int list(const char *folder)
{
	struct hold_set set;
	int error = hold_set_find(&set, folder);

	if (!error)
		list_holds(&set);
	hold_pauses_list(folder);
	return error && error != -ENOENT ? fail("the pinned set cannot be read", error) : 0;
}

/* Everything that holds this cgroup and can be undone, whoever did it; noted, because no driver knows of it. */
static int release(const char *folder, uint64_t cgroup)
{
	int notes = hold_notes_open(folder);
	int thawed = hold_thaw(folder, cgroup);
	struct hold_set set;
	int released = hold_set_find(&set, folder);

	if (!released)
		released = hold_set_release(&set, cgroup);
	if (!released) {
		hold_note_end(notes, cgroup, "hold", "local", hold_boot_ns());
		hold_set_remove(&set);
	}
	if (!thawed)
		hold_note_end(notes, cgroup, "pause", "local", hold_boot_ns());
	if (thawed && thawed != -ENOENT)
		return fail("it was not thawed", thawed);
	return released && thawed ? fail("nothing was released", released) : 0;
}

static int claim(const char *folder, uint64_t cgroup, int count, char **pids)
{
	struct hold_set set;
	int error = hold_set_find(&set, folder);

	return error ? fail("the pinned set cannot be read", error) : hold_claim(&set, cgroup, count, pids);
}

int hold_tool(int count, char **words)
{
	const char *folder = HOLD_FOLDER;
	uint64_t number;

	if (count >= 3 && !strcmp(words[0], "--holds") && strlen(words[1]) < 400) {
		folder = words[1];
		words += 2;
		count -= 2;
	}
	if (count == 1 && !strcmp(words[0], "list"))
		return list(folder);
	if (count == 1 && !strcmp(words[0], "policies"))
		return list_policies(folder);
	if (count == 2 && !parse_u64(words[1], &number)) {
		if (!strcmp(words[0], "release"))
			return release(folder, number);
		if (!strcmp(words[0], "ungovern"))
			return ungovern(folder, number);
		if (!strcmp(words[0], "thaw")) {
			int error = hold_thaw(folder, number);

			return error ? fail("it was not thawed", error) : 0;
		}
	}
	if (count == 3 && !strcmp(words[0], "freeze") && !parse_u64(words[2], &number)) {
		int error = hold_freeze(folder, words[1], number);

		return error ? fail(words[1], error) : 0;
	}
	if (count == 3 && !strcmp(words[0], "probe") && !parse_u64(words[2], &number))
		return hold_probe(words[1], number);
	if (count >= 3 && !strcmp(words[0], "claim") && !parse_u64(words[1], &number))
		return claim(folder, number, count - 2, words + 2);
	fprintf(stderr, "usage: holdfast-sensor-loader hold [--holds DIR] list | release CGROUP | thaw CGROUP | "
			"policies | ungovern CGROUP | "
			"freeze FOLDER BOOTNS | claim CGROUP PID... | probe FOLDER PID\n");
	return 2;
}
