/* By which way into the kernel a system call came. */
#ifndef HOLDFAST_ARCHITECTURE_H
#define HOLDFAST_ARCHITECTURE_H

/* TS_COMPAT of arch/x86: the call came by the 32-bit entry. */
#define THREAD_COMPAT 2
#define X32_BIT 0x40000000
/* As the audit subsystem names them. */
#define ARCH_I386 0x40000003
#define ARCH_X86_64 0xc000003e

#endif
