#include "hold-set.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>
#include "hold.skel.h"

#define BPFFS_MAGIC 0xcafe4a11
/* BPF_CGROUP_UNIX_CONNECT and _SENDMSG of Linux 6.7, which libbpf 1.1 does not name. */
#define UNIX_CONNECT 49
#define UNIX_SENDMSG 50

const char *const hold_program_names[HOLD_PROGRAMS] = {
	"hold_connect4", "hold_connect6", "hold_sendmsg4", "hold_sendmsg6", "hold_sent", "hold_received",
	"hold_socket", "hold_fork", "hold_exit", "hold_moved", "hold_connect_unix", "hold_sendmsg_unix",
};

static const char *const MAPS[] = {"holds", "hold_count", "allowed", "members", "refusals", "refusals_told"};
#define MAP_COUNT (sizeof(MAPS) / sizeof(MAPS[0]))

static int *place_of_map(struct hold_set *set, size_t i)
{
	int *places[MAP_COUNT] = {&set->holds, &set->hold_count, &set->allowed, &set->members, &set->refusals,
				  &set->refusals_told};

	return places[i];
}

uint64_t hold_boot_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void path_of(const struct hold_set *set, const char *prefix, const char *name, char *path, size_t bytes)
{
	snprintf(path, bytes, "%s/%s%s", set->folder, prefix, name);
}

static int make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(path, 0700) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(path, 0700) && errno != EEXIST ? -errno : 0;
}

static bool is_bpffs(const char *folder)
{
	struct statfs status;

	return !statfs(folder, &status) && (unsigned long)status.f_type == BPFFS_MAGIC;
}

/* The locks are files beside the mounted folder, because a bpf file system holds none. */
static int open_locks(struct hold_set *set, const char *folder, int flags)
{
	char path[560];

	snprintf(path, sizeof(path), "%s.change", folder);
	set->change_lock = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
	snprintf(path, sizeof(path), "%s.use", folder);
	set->use_lock = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
	return set->change_lock < 0 || set->use_lock < 0 ? -errno : 0;
}

static int find_maps(struct hold_set *set)
{
	for (size_t i = 0; i < MAP_COUNT; i++) {
		char path[600];

		path_of(set, "", MAPS[i], path, sizeof(path));
		*place_of_map(set, i) = bpf_obj_get(path);
		if (*place_of_map(set, i) < 0)
			return -errno;
	}
	return 0;
}

static bool are_links_there(const struct hold_set *set)
{
	for (int i = 0; i < HOLD_PROGRAMS; i++) {
		char path[600];

		path_of(set, "link_", hold_program_names[i], path, sizeof(path));
		if (access(path, F_OK))
			return false;
	}
	return true;
}

static struct bpf_object *open_object(struct hold_set *set, bool with_unix)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "hold");
	size_t size;
	const void *bytes = hold_bpf__elf_bytes(&size);
	struct bpf_object *object = bpf_object__open_mem(bytes, size, &options);
	struct bpf_program *connect, *sendmsg;

	if (!object)
		return NULL;
	for (size_t i = 0; i < MAP_COUNT; i++) {
		char path[600];

		/* A map that is pinned there already is taken over with all that is in it. */
		path_of(set, "", MAPS[i], path, sizeof(path));
		bpf_map__set_pin_path(bpf_object__find_map_by_name(object, MAPS[i]), path);
	}
	connect = bpf_object__find_program_by_name(object, "hold_connect_unix");
	sendmsg = bpf_object__find_program_by_name(object, "hold_sendmsg_unix");
	bpf_program__set_expected_attach_type(connect, UNIX_CONNECT);
	bpf_program__set_expected_attach_type(sendmsg, UNIX_SENDMSG);
	bpf_program__set_autoload(connect, with_unix);
	bpf_program__set_autoload(sendmsg, with_unix);
	return object;
}

static struct bpf_object *load(struct hold_set *set)
{
	for (int with_unix = 1; with_unix >= 0; with_unix--) {
		struct bpf_object *object = open_object(set, with_unix);

		if (object && !bpf_object__load(object))
			return object;
		bpf_object__close(object);
	}
	return NULL;
}

static int attach_one(struct hold_set *set, struct bpf_object *object, const char *name, int cgroup_root)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);
	bool is_tracepoint = program && !strncmp(bpf_program__section_name(program), "raw_tp", 6);
	struct bpf_link *link;
	char path[600];
	int error;

	path_of(set, "link_", name, path, sizeof(path));
	if (!access(path, F_OK))
		return 0;
	if (!program || !bpf_program__autoload(program))
		return -EOPNOTSUPP;
	link = is_tracepoint ? bpf_program__attach(program) : bpf_program__attach_cgroup(program, cgroup_root);
	if (!link)
		return -errno;
	error = bpf_link__pin(link, path);
	/* The pin keeps it; where there is none, nothing would say that it is still attached. */
	bpf_link__destroy(link);
	return error;
}

static int load_and_pin(struct hold_set *set, int cgroup_root)
{
	struct bpf_object *object = load(set);

	if (!object)
		return -EOPNOTSUPP;
	for (int i = 0; i < HOLD_PROGRAMS; i++)
		set->errors[i] = attach_one(set, object, hold_program_names[i], cgroup_root);
	bpf_object__close(object);
	return 0;
}

int hold_set_open(struct hold_set *set, const char *folder, int cgroup_root)
{
	int error;

	memset(set, 0, sizeof(*set));
	snprintf(set->folder, sizeof(set->folder), "%s", folder);
	if (cgroup_root < 0)
		return -ENOENT;
	if ((error = make_folders(set->folder)) || (error = open_locks(set, folder, O_CREAT)))
		return error;
	flock(set->change_lock, LOCK_EX);
	flock(set->use_lock, LOCK_SH);
	if (!is_bpffs(folder) && mount("bpf", folder, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700"))
		error = -errno;
	snprintf(set->folder, sizeof(set->folder), "%.400s/%s", folder, HOLD_SET);
	if (!error && mkdir(set->folder, 0700) && errno != EEXIST)
		error = -errno;
	if (!error && !are_links_there(set))
		error = load_and_pin(set, cgroup_root);
	if (!error)
		error = find_maps(set);
	flock(set->change_lock, LOCK_UN);
	return error;
}

int hold_set_find(struct hold_set *set, const char *folder)
{
	int error;

	memset(set, 0, sizeof(*set));
	if ((error = open_locks(set, folder, 0)))
		return error;
	snprintf(set->folder, sizeof(set->folder), "%.400s/%s", folder, HOLD_SET);
	return find_maps(set);
}

/* With the change lock held. */
static void count_holds(struct hold_set *set)
{
	uint64_t key, count = 0, *previous = NULL;
	uint32_t zero = 0;

	while (!bpf_map_get_next_key(set->holds, previous, &key)) {
		previous = &key;
		count++;
	}
	bpf_map_update_elem(set->hold_count, &zero, &count, BPF_ANY);
}

int hold_set_put(struct hold_set *set, uint64_t cgroup, const struct hold *hold)
{
	int error;

	flock(set->change_lock, LOCK_EX);
	error = bpf_map_update_elem(set->holds, &cgroup, hold, BPF_ANY) ? -errno : 0;
	if (!error)
		count_holds(set);
	flock(set->change_lock, LOCK_UN);
	return error;
}

static bool is_list_used(struct hold_set *set, uint32_t list)
{
	uint64_t key, *previous = NULL;
	struct hold hold;

	while (!bpf_map_get_next_key(set->holds, previous, &key)) {
		previous = &key;
		if (!bpf_map_lookup_elem(set->holds, &key, &hold) && hold.list == list)
			return true;
	}
	return false;
}

static void clear_list(struct hold_set *set, uint32_t list)
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
	count_holds(set);
	if (hold.list && !is_list_used(set, hold.list))
		clear_list(set, hold.list);
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
			release_locked(set, key);
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

static bool is_held(struct hold_set *set)
{
	uint64_t key;

	return !bpf_map_get_next_key(set->holds, NULL, &key);
}

int hold_set_remove(struct hold_set *set)
{
	char path[600];
	int error = 0;

	flock(set->change_lock, LOCK_EX);
	if (is_held(set) || flock(set->use_lock, LOCK_EX | LOCK_NB))
		error = -EBUSY;
	for (int i = 0; i < HOLD_PROGRAMS && !error; i++) {
		path_of(set, "link_", hold_program_names[i], path, sizeof(path));
		unlink(path);
	}
	for (size_t i = 0; i < MAP_COUNT && !error; i++) {
		path_of(set, "", MAPS[i], path, sizeof(path));
		unlink(path);
	}
	if (!error)
		rmdir(set->folder);
	flock(set->use_lock, LOCK_UN);
	flock(set->change_lock, LOCK_UN);
	return error;
}
