/* What the acts share: the words that the program was called with, and each act by its own name. */
#ifndef HOLDFAST_ACTS_H
#define HOLDFAST_ACTS_H

extern char **words;

/* The word at a place as a number; 0 where there is none. */
long number(int at);
/* Says what the kernel answered. 0. */
long done(long result);

int act_open(void);
int act_in_new_mounts(void);
int act_open_often(void);
int act_namespaces(void);
int act_processes(void);
int act_privileges(void);
int act_memfd_exec(void);
int act_exec_fail(void);
int act_network(void);
int act_dns(void);
int act_ring(void);
int act_foreign(void);
int act_wide_number(void);
int act_signal(void);
int act_refused(void);
int act_filtered(void);
int act_files(void);
int act_storm(void);
int act_exec_storm(void);

#endif
