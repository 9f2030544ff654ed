#include "hold-set.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
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
#include "hold-notes.h"
#include "hold.skel.h"

#define BPFFS_MAGIC 0xcafe4a11
/* BPF_CGROUP_UNIX_CONNECT and _SENDMSG of Linux 6.7, which libbpf 1.1 does not name. */
#define UNIX_CONNECT 49
#define UNIX_SENDMSG 50

const char *const hold_program_names[HOLD_PROGRAMS] = {
	"hold_connect4", "hold_connect6", "hold_sendmsg4", "hold_sendmsg6", "hold_sent", "hold_received",
	"hold_socket", "hold_fork", "hold_exit", "hold_moved", "hold_connect_unix", "hold_sendmsg_unix", "hold_option",
	"hold_link",
};

static const char *const MAPS[] = {"holds",    "hold_count",    "allowed",  "members",  "refusals",
				   "refusals_told", "claims",   "policies", "governed", "policy_refusals",
				   "policy_told"};
#define MAP_COUNT (sizeof(MAPS) / sizeof(MAPS[0]))

static int *place_of_map(struct hold_set *set, size_t i)
{
	int *places[MAP_COUNT] = {&set->holds,    &set->hold_count, &set->allowed,  &set->members,
				  &set->refusals, &set->refusals_told, &set->claims, &set->policies,
				  &set->governed, &set->policy_refusals, &set->policy_told};

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
	set->notes = hold_notes_open(folder);
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
	/* Waits for interfaces: hold-claim.c puts it on them. */
	if (bpf_program__type(program) == BPF_PROG_TYPE_SCHED_CLS)
		return bpf_program__pin(program, path);
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

static bool is_held(struct hold_set *set)
{
	uint64_t key;

	return !bpf_map_get_next_key(set->holds, NULL, &key) || !bpf_map_get_next_key(set->policies, NULL, &key);
}

static void unlink_guards(const struct hold_set *set)
{
	DIR *folder = opendir(set->folder);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (!strncmp(entry->d_name, HOLD_GUARD, strlen(HOLD_GUARD)))
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
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
		unlink_guards(set);
	if (!error)
		rmdir(set->folder);
	flock(set->use_lock, LOCK_UN);
	flock(set->change_lock, LOCK_UN);
	return error;
}
