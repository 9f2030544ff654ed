#include "hold-set.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <sys/file.h>
#include "hold-notes.h"

static uint64_t entries_of(int map)
{
	uint64_t key, count = 0, *previous = NULL;

	while (!bpf_map_get_next_key(map, previous, &key)) {
		previous = &key;
		count++;
	}
	return count;
}

void hold_set_count(struct hold_set *set)
{
	uint64_t counts[] = {entries_of(set->holds), entries_of(set->policies)};

	for (uint32_t of = 0; of < 2; of++)
		bpf_map_update_elem(set->hold_count, &of, &counts[of], BPF_ANY);
}

bool hold_set_is_listed(struct hold_set *set, uint32_t list)
{
	uint64_t key, *previous = NULL;
	struct policy policy;
	struct hold hold;

	while (!bpf_map_get_next_key(set->holds, previous, &key)) {
		previous = &key;
		if (!bpf_map_lookup_elem(set->holds, &key, &hold) && hold.list == list)
			return true;
	}
	previous = NULL;
	while (!bpf_map_get_next_key(set->policies, previous, &key)) {
		previous = &key;
		if (!bpf_map_lookup_elem(set->policies, &key, &policy) && policy.list == list)
			return true;
	}
	return false;
}

void hold_set_clear_list(struct hold_set *set, uint32_t list)
{
	struct allow_key key, next, *previous = NULL;

	while (!bpf_map_get_next_key(set->allowed, previous, &next)) {
		key = next;
		previous = &key;
		if (key.list != list)
			continue;
		bpf_map_delete_elem(set->allowed, &key);
		/* A longest-prefix map begins again where its key is gone. */
		previous = NULL;
	}
}

int hold_set_put(struct hold_set *set, uint64_t cgroup, const struct hold *hold)
{
	struct hold before = {0};
	int error;

	flock(set->change_lock, LOCK_EX);
	bpf_map_lookup_elem(set->holds, &cgroup, &before);
	error = bpf_map_update_elem(set->holds, &cgroup, hold, BPF_ANY) ? -errno : 0;
	if (!error)
		hold_set_count(set);
	/* What a hold that this one takes the place of had allowed. */
	if (!error && before.list && !hold_set_is_listed(set, before.list))
		hold_set_clear_list(set, before.list);
	flock(set->change_lock, LOCK_UN);
	return error;
}

static void forget_of(struct hold_set *set, uint64_t cgroup)
{
	struct refused_key refused = {.cgroup = cgroup};
	uint32_t pid, next, *previous = NULL;
	uint64_t of;

	for (refused.what = HOLD_REFUSED_CONNECT; refused.what <= HOLD_REFUSED_SOCKET; refused.what++) {
		bpf_map_delete_elem(set->refusals, &refused);
		bpf_map_delete_elem(set->refusals_told, &refused);
	}
	while (!bpf_map_get_next_key(set->members, previous, &next)) {
		pid = next;
		previous = &pid;
		if (bpf_map_lookup_elem(set->members, &pid, &of) || of != cgroup)
			continue;
		bpf_map_delete_elem(set->members, &pid);
		previous = NULL;
	}
}

static int release_locked(struct hold_set *set, uint64_t cgroup)
{
	struct hold hold;

	if (bpf_map_lookup_elem(set->holds, &cgroup, &hold) || bpf_map_delete_elem(set->holds, &cgroup))
		return -ENOENT;
	hold_set_count(set);
	if (hold.list && !hold_set_is_listed(set, hold.list))
		hold_set_clear_list(set, hold.list);
	forget_of(set, cgroup);
	return 0;
}

int hold_set_release(struct hold_set *set, uint64_t cgroup)
{
	int error;

	flock(set->change_lock, LOCK_EX);
	error = release_locked(set, cgroup);
	flock(set->change_lock, LOCK_UN);
	return error;
}

int hold_set_sweep(struct hold_set *set, uint64_t *next_ns)
{
	uint64_t key, next, *previous = NULL, now = hold_boot_ns();
	struct hold hold;
	int left = 0;

	*next_ns = 0;
	flock(set->change_lock, LOCK_EX);
	while (!bpf_map_get_next_key(set->holds, previous, &next)) {
		key = next;
		previous = &key;
		if (bpf_map_lookup_elem(set->holds, &key, &hold))
			continue;
		if (hold.expires_ns && hold.expires_ns <= now) {
			if (!release_locked(set, key))
				hold_note_end(set->notes, key, "hold", "expired", hold.expires_ns);
			previous = NULL;
			left = 0;
			continue;
		}
		left++;
		if (hold.expires_ns && (!*next_ns || hold.expires_ns < *next_ns))
			*next_ns = hold.expires_ns;
	}
	flock(set->change_lock, LOCK_UN);
	return left;
}
