#include "calls.h"

#include <errno.h>
#include <sys/syscall.h>
#include "loader.h"
#include "observe.h"

/*
 * The one table of system calls that are told. Folders are the arguments that a relative path begins in; where none is
 * given it begins in the working directory.
 */
static const struct call_row ROWS[CALLS] = {
	[SYS_open] = {.type = RECORD_OPEN, .special = SPECIAL_OPEN, .path = 1, .numbers = {0, 0, 2, 3}},
	[SYS_openat] = {.type = RECORD_OPEN, .special = SPECIAL_OPEN, .path = 2, .path_folder = 1, .numbers = {1, 0, 3, 4}},
	[SYS_openat2] = {.type = RECORD_OPEN, .special = SPECIAL_OPENAT2, .path = 2, .path_folder = 1, .numbers = {1}},
	[SYS_creat] = {.type = RECORD_OPEN, .special = SPECIAL_CREAT, .path = 1, .numbers = {0, 0, 0, 2}},
	[SYS_open_by_handle_at] = {.type = RECORD_OPEN, .special = SPECIAL_OPEN, .numbers = {1, 0, 3}},

	[SYS_execve] = {.type = RECORD_EXEC_FAILED, .is_high = 1, .when = WHEN_FAILED, .special = SPECIAL_EXEC, .path = 1},
	[SYS_execveat] = {.type = RECORD_EXEC_FAILED, .is_high = 1, .when = WHEN_FAILED, .special = SPECIAL_EXEC,
			  .path = 2, .path_folder = 1},

	[SYS_socket] = {.type = RECORD_RAW_SOCKET, .is_high = 1, .special = SPECIAL_SOCKET, .numbers = {1, 2, 3}},
	[SYS_connect] = {.type = RECORD_CONNECT, .special = SPECIAL_CONNECT, .numbers = {1}},
	[SYS_accept] = {.type = RECORD_ACCEPT, .when = WHEN_SUCCEEDED, .special = SPECIAL_ACCEPT, .numbers = {1}},
	[SYS_accept4] = {.type = RECORD_ACCEPT, .when = WHEN_SUCCEEDED, .special = SPECIAL_ACCEPT, .numbers = {1}},
	[SYS_bind] = {.type = RECORD_BIND, .special = SPECIAL_BIND, .numbers = {1}},
	[SYS_sendto] = {.type = RECORD_CONNECT, .special = SPECIAL_SENDTO, .numbers = {1}},
	[SYS_sendmsg] = {.type = RECORD_CONNECT, .special = SPECIAL_SENDMSG, .numbers = {1}},
	/* The first message of several stands for them all. */
	[SYS_sendmmsg] = {.type = RECORD_CONNECT, .special = SPECIAL_SENDMSG, .numbers = {1}},

	[SYS_setns] = {.type = RECORD_SETNS, .is_high = 1, .numbers = {1, 2}},
	[SYS_unshare] = {.type = RECORD_UNSHARE, .is_high = 1, .numbers = {1}},
	[SYS_clone] = {.type = RECORD_CLONE_NS, .is_high = 1, .special = SPECIAL_CLONE},
	[SYS_clone3] = {.type = RECORD_CLONE_NS, .is_high = 1, .special = SPECIAL_CLONE3},
	[SYS_mount] = {.type = RECORD_MOUNT, .is_high = 1, .path = 2, .path2 = 1, .path2_folder = FOLDER_NONE, .text = 3,
		       .numbers = {4, NUMBER_CALL}},
	[SYS_move_mount] = {.type = RECORD_MOUNT, .is_high = 1, .path = 4, .path_folder = 3, .path2 = 2, .path2_folder = 1,
			    .numbers = {5, NUMBER_CALL}},
	[SYS_open_tree] = {.type = RECORD_MOUNT, .is_high = 1, .path = 2, .path_folder = 1, .numbers = {3, NUMBER_CALL}},
	[SYS_fsopen] = {.type = RECORD_MOUNT, .is_high = 1, .text = 1, .numbers = {2, NUMBER_CALL}},
	[SYS_umount2] = {.type = RECORD_MOUNT, .is_high = 1, .path = 1, .numbers = {2, NUMBER_CALL}},
	[SYS_pivot_root] = {.type = RECORD_PIVOT_ROOT, .is_high = 1, .path = 1, .path2 = 2},
	[SYS_chroot] = {.type = RECORD_CHROOT, .is_high = 1, .path = 1},

	[SYS_ptrace] = {.type = RECORD_PTRACE, .is_high = 1, .special = SPECIAL_PTRACE, .numbers = {1, 2}},
	[SYS_process_vm_readv] = {.type = RECORD_PROCESS_VM, .is_high = 1, .numbers = {1}},
	[SYS_process_vm_writev] = {.type = RECORD_PROCESS_VM, .is_high = 1, .numbers = {1, NUMBER_ONE}},

	[SYS_setuid] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL, 1}},
	[SYS_setgid] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL, 1}},
	[SYS_setreuid] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL, 1, 2}},
	[SYS_setregid] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL, 1, 2}},
	[SYS_setresuid] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL, 1, 2, 3}},
	[SYS_setresgid] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL, 1, 2, 3}},
	[SYS_setfsuid] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL, 1}},
	[SYS_setfsgid] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL, 1}},
	[SYS_setgroups] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL, 1}},
	[SYS_capset] = {.type = RECORD_SET_ID, .is_high = 1, .numbers = {NUMBER_CALL}},

	[SYS_bpf] = {.type = RECORD_BPF, .is_high = 1, .numbers = {1}},
	[SYS_init_module] = {.type = RECORD_MODULE, .is_high = 1, .numbers = {NUMBER_CALL}},
	[SYS_finit_module] = {.type = RECORD_MODULE, .is_high = 1, .file = 1, .numbers = {NUMBER_CALL}},
	[SYS_delete_module] = {.type = RECORD_MODULE, .is_high = 1, .text = 1, .numbers = {NUMBER_CALL}},
	[SYS_kexec_load] = {.type = RECORD_MODULE, .is_high = 1, .numbers = {NUMBER_CALL}},
	[SYS_kexec_file_load] = {.type = RECORD_MODULE, .is_high = 1, .file = 1, .numbers = {NUMBER_CALL}},
	[SYS_keyctl] = {.type = RECORD_KEYCTL, .is_high = 1, .numbers = {1}},
	[SYS_add_key] = {.type = RECORD_KEYCTL, .is_high = 1, .text = 2, .numbers = {NUMBER_CALL}},
	[SYS_request_key] = {.type = RECORD_KEYCTL, .is_high = 1, .text = 2, .numbers = {NUMBER_CALL}},
	[SYS_memfd_create] = {.type = RECORD_MEMFD, .is_high = 1, .text = 1, .numbers = {2}},
	[SYS_memfd_secret] = {.type = RECORD_MEMFD, .is_high = 1, .numbers = {1}},
	[SYS_io_uring_setup] = {.type = RECORD_IO_URING, .is_high = 1},

	[SYS_unlink] = {.type = RECORD_UNLINK, .when = WHEN_SUCCEEDED, .special = SPECIAL_SENSITIVE, .path = 1},
	[SYS_unlinkat] = {.type = RECORD_UNLINK, .when = WHEN_SUCCEEDED, .special = SPECIAL_SENSITIVE, .path = 2,
			  .path_folder = 1},
	[SYS_rename] = {.type = RECORD_RENAME, .when = WHEN_SUCCEEDED, .special = SPECIAL_SENSITIVE, .path = 1, .path2 = 2},
	[SYS_renameat] = {.type = RECORD_RENAME, .when = WHEN_SUCCEEDED, .special = SPECIAL_SENSITIVE, .path = 2,
			  .path_folder = 1, .path2 = 4, .path2_folder = 3},
	[SYS_renameat2] = {.type = RECORD_RENAME, .when = WHEN_SUCCEEDED, .special = SPECIAL_SENSITIVE, .path = 2,
			   .path_folder = 1, .path2 = 4, .path2_folder = 3},

	[SYS_chmod] = {.type = RECORD_SETXATTR_CAP, .is_high = 1, .special = SPECIAL_MODE, .path = 1, .numbers = {2}},
	[SYS_fchmod] = {.type = RECORD_SETXATTR_CAP, .is_high = 1, .special = SPECIAL_MODE, .file = 1, .numbers = {2}},
	[SYS_fchmodat] = {.type = RECORD_SETXATTR_CAP, .is_high = 1, .special = SPECIAL_MODE, .path = 2, .path_folder = 1,
			  .numbers = {3}},
	/* fchmodat2, which the C library of the oldest system that builds this does not name. */
	[452] = {.type = RECORD_SETXATTR_CAP, .is_high = 1, .special = SPECIAL_MODE, .path = 2, .path_folder = 1,
		 .numbers = {3}},
	[SYS_setxattr] = {.type = RECORD_SETXATTR_CAP, .is_high = 1, .special = SPECIAL_XATTR, .path = 1, .text = 2},
	[SYS_lsetxattr] = {.type = RECORD_SETXATTR_CAP, .is_high = 1, .special = SPECIAL_XATTR, .path = 1, .text = 2},
	[SYS_fsetxattr] = {.type = RECORD_SETXATTR_CAP, .is_high = 1, .special = SPECIAL_XATTR, .file = 1, .text = 2},
};

int fill_calls(int map)
{
	for (uint32_t number = 0; number < CALLS; number++)
		if (ROWS[number].type && bpf_map_update_elem(map, &number, &ROWS[number], BPF_ANY))
			return -errno;
	return 0;
}
