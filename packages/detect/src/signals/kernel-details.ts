import type { Content, KernelBody } from '@holdfast/model'

export type KernelAct = Extract<KernelBody<Content>, { readonly kind: 'kernel' }>

/**
 * What an act's details say, whoever told them. Our sensor names its arguments; a hook of Tetragon has them by number, as
 * its policy lists them; Falco writes them into one text (`dev=/dev/sda1 dir=/mnt type=ext4 flags=0`).
 */
export type MountCall = {
  readonly source: string
  readonly target: string
  readonly type: string
  readonly flags: string
}

export function mountOf({ target, details }: KernelAct): MountCall {
  if (details['source'] !== undefined || details['type'] !== undefined)
    return { source: details['source'] ?? '', target, type: details['type'] ?? '', flags: details['flags'] ?? '' }
  if (details['call'] !== undefined)
    return {
      source: named(target, 'dev'),
      target: named(target, 'dir') || target,
      type: named(target, 'type'),
      flags: named(target, 'flags'),
    }
  const numbered = [0, 1, 2, 3, 4].map((i) => details[`argument ${i}`] ?? '')
  const [source = '', second = '', type = ''] = numbered
  const number = numbered.slice(1).find((one) => /^\d{1,19}$/.test(one))
  return {
    source,
    target: second.startsWith('/') ? second : target,
    type: /^\d/.test(type) ? '' : type,
    flags: number === undefined ? '' : mountFlags(BigInt(number)),
  }
}

/** Flags that rules ask for, of `mount(2)`. */
const MOUNT_FLAGS: readonly (readonly [bit: bigint, name: string])[] = [
  [0x1n, 'MS_RDONLY'],
  [0x20n, 'MS_REMOUNT'],
  [0x1000n, 'MS_BIND'],
  [0x40000n, 'MS_PRIVATE'],
  [0x80000n, 'MS_SLAVE'],
  [0x100000n, 'MS_SHARED'],
]

function mountFlags(value: bigint): string {
  return MOUNT_FLAGS.filter(([bit]) => (value & bit) !== 0n)
    .map(([, name]) => name)
    .join('|')
}

/** Which request of `ptrace(2)`; empty where it is not told. */
export function ptraceRequest({ target, details }: KernelAct): string {
  return details['request'] ?? /PTRACE_[A-Z_]{3,30}/.exec(target)?.[0] ?? ''
}

/** The pid that the act was done to; undefined where it is not told. */
export function targetPid({ target }: KernelAct): string | undefined {
  return /(?:^|\s)pid[ =](\d{1,10})(?!\d)/.exec(target)?.[1]
}

/** The user that a process asks to be; undefined where the act is of groups or of no identity at all. */
export function wantedUser({ target, details }: KernelAct): string | undefined {
  if (!/set(fs|res|re)?uid$/.test(details['call'] ?? target)) return undefined
  const told = details['ids'] ?? details['argument 0'] ?? /uid=(\d{1,10})/.exec(target)?.[1] ?? ''
  return told.split(' ')[0]
}

/** Value of a name in a text of Falco, up to the next blank. */
function named(text: string, name: string): string {
  const at = ` ${text}`.indexOf(` ${name}=`)
  return at < 0 ? '' : (/^\S*/.exec(text.slice(at + name.length + 1))?.[0] ?? '')
}
