#include "hold-set.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* FILEID_KERNFS of linux/exportfs.h: the handle of a cgroup is its id. */
#define HANDLE_OF_CGROUP 0xfe
/* Held or governed cgroups that are looked at in one turn. */
#define GONE_AT_ONCE 64

int hold_set_govern(struct hold_set *set, uint64_t cgroup, const struct policy *policy)
{
	struct policy before = {0};
	int error;

	flock(set->change_lock, LOCK_EX);
	bpf_map_lookup_elem(set->policies, &cgroup, &before);
	error = bpf_map_update_elem(set->policies, &cgroup, policy, BPF_ANY) ? -errno : 0;
	if (!error)
		hold_set_count(set);
	if (!error && before.list && !hold_set_is_listed(set, before.list))
		hold_set_clear_list(set, before.list);
	flock(set->change_lock, LOCK_UN);
	return error;
}

/* In both, the next key is asked for before this one goes: from a key that is gone the kernel begins anew. */
static void forget_processes(struct hold_set *set, uint64_t cgroup)
{
	bool is_more;
	uint32_t pid, next;
	uint64_t of;

	for (is_more = !bpf_map_get_next_key(set->governed, NULL, &pid); is_more; pid = next) {
		is_more = !bpf_map_get_next_key(set->governed, &pid, &next);
		if (!bpf_map_lookup_elem(set->governed, &pid, &of) && of == cgroup)
			bpf_map_delete_elem(set->governed, &pid);
	}
}

static void forget_refusals(struct hold_set *set, uint64_t cgroup)
{
	struct policy_key key, next;
	bool is_more;

	for (is_more = !bpf_map_get_next_key(set->policy_refusals, NULL, &key); is_more; key = next) {
		is_more = !bpf_map_get_next_key(set->policy_refusals, &key, &next);
		if (key.cgroup != cgroup)
			continue;
		bpf_map_delete_elem(set->policy_refusals, &key);
		bpf_map_delete_elem(set->policy_told, &key);
	}
}

static int let_go_locked(struct hold_set *set, uint64_t cgroup)
{
	struct policy policy;

	if (bpf_map_lookup_elem(set->policies, &cgroup, &policy) || bpf_map_delete_elem(set->policies, &cgroup))
		return -ENOENT;
	hold_set_count(set);
	if (policy.list && !hold_set_is_listed(set, policy.list))
		hold_set_clear_list(set, policy.list);
	forget_processes(set, cgroup);
	forget_refusals(set, cgroup);
	return 0;
}

int hold_set_let_go(struct hold_set *set, uint64_t cgroup)
{
	int error;

	flock(set->change_lock, LOCK_EX);
	error = let_go_locked(set, cgroup);
	flock(set->change_lock, LOCK_UN);
	return error;
}

static bool is_there(int cgroup_root, uint64_t cgroup)
{
	union {
		struct file_handle head;
		char bytes[sizeof(struct file_handle) + sizeof(cgroup)];
	} handle = {.head = {.handle_bytes = sizeof(cgroup), .handle_type = HANDLE_OF_CGROUP}};
	int fd;

	memcpy(handle.bytes + offsetof(struct file_handle, f_handle), &cgroup, sizeof(cgroup));
	fd = open_by_handle_at(cgroup_root, &handle.head, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	/* Any other answer says nothing of the cgroup. */
	return fd >= 0 || errno != ESTALE;
}

/* Whether somebody who was in there lives elsewhere. */
static bool has_process(int processes, uint64_t cgroup)
{
	uint32_t pid, *previous = NULL;
	uint64_t of;

	while (!bpf_map_get_next_key(processes, previous, &pid)) {
		previous = &pid;
		if (!bpf_map_lookup_elem(processes, &pid, &of) && of == cgroup)
			return true;
	}
	return false;
}

static int gone_of(int map, int processes, int cgroup_root, uint64_t *gone)
{
	uint64_t key, *previous = NULL;
	int count = 0;

	while (count < GONE_AT_ONCE && !bpf_map_get_next_key(map, previous, &key)) {
		previous = &key;
		if (!is_there(cgroup_root, key) && !has_process(processes, key))
			gone[count++] = key;
	}
	return count;
}

void hold_set_forget_gone(struct hold_set *set, int cgroup_root)
{
	uint64_t gone[GONE_AT_ONCE];
	int count;

	if (cgroup_root < 0)
		return;
	count = gone_of(set->holds, set->members, cgroup_root, gone);
	while (count > 0)
		hold_set_release(set, gone[--count]);
	count = gone_of(set->policies, set->governed, cgroup_root, gone);
	while (count > 0)
		hold_set_let_go(set, gone[--count]);
}
