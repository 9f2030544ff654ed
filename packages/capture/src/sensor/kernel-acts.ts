import { syscallName } from '@holdfast/model'
import type { Content, KernelAction, KernelBody, Machine } from '@holdfast/model'
import {
  architectureName,
  bpfCommand,
  capabilityName,
  cloneFlags,
  familyName,
  keyctlOperation,
  memfdFlags,
  mountFlags,
  ptraceRequest,
  uringOperation,
} from './flags.ts'
import { FIELD, intAt, numberAt, textField } from './record.ts'
import type { SensorRecord } from './record.ts'

type ActContext = {
  readonly machine: Machine
  readonly seccomp?: { readonly artifact: string; readonly mode: string } | undefined
}

type Act = {
  readonly action: KernelAction
  readonly target?: string
  readonly details?: Readonly<Record<string, string>>
}

/** Acts that are neither file, process nor connection, with their arguments decoded; undefined for an unknown type. */
export function kernelAct(record: SensorRecord, context: ActContext): KernelBody<Content> | undefined {
  const act = actOf(record, context)
  if (act === undefined) return undefined
  const { action, target = '', details = {} } = act
  return { kind: 'kernel', action, target, details, result: record.result }
}

/** What an act is read from. */
type Words = ActContext & {
  readonly record: SensorRecord
  readonly number: (slot: number) => number
  readonly raw: (slot: number) => bigint
  readonly path: string
  readonly text: string
}

function actOf(record: SensorRecord, context: ActContext): Act | undefined {
  return ACTS[record.type]?.({
    ...context,
    record,
    number: (slot) => numberAt(record, slot),
    raw: (slot) => record.numbers[slot] ?? 0n,
    path: textField(record, FIELD.path),
    text: textField(record, FIELD.text),
  })
}

/** By the type of the record (SPEC S2). */
const ACTS: Readonly<Record<number, (words: Words) => Act | undefined>> = {
  10: ({ path, raw, record }) => ({
    action: 'setns',
    target: path,
    details: { descriptor: `${intAt(record, 0)}`, flags: cloneFlags(raw(1)) },
  }),
  11: ({ raw }) => ({ action: 'unshare', target: cloneFlags(raw(0)), details: { flags: cloneFlags(raw(0)) } }),
  12: ({ number, raw }) => ({
    action: 'clone-ns',
    target: cloneFlags(raw(0)),
    details: { flags: cloneFlags(raw(0)), child: `${number(1)}` },
  }),
  13: ({ path, raw, record, text }) => ({
    action: 'mount',
    target: path,
    details: { source: textField(record, FIELD.path2), type: text, flags: mountFlags(raw(0)) },
  }),
  14: ({ path, record }) => ({ action: 'pivot-root', target: path, details: { old: textField(record, FIELD.path2) } }),
  15: ({ path }) => ({ action: 'chroot', target: path }),
  16: ({ number, record }) => ({
    action: 'ptrace',
    target: `pid ${intAt(record, 1)}`,
    details: { request: ptraceRequest(number(0)) },
  }),
  17: ({ number, record }) => ({
    action: 'process-vm',
    target: `pid ${intAt(record, 0)}`,
    details: { direction: (number(1) & 1) === 1 ? 'write' : 'read' },
  }),
  18: ({ number }) => ({
    action: 'capability',
    target: capabilityName(number(0)),
    details: { verdict: number(1) === 1 ? 'granted' : 'denied' },
  }),
  19: ({ machine, number, record }) => ({
    action: 'set-id',
    target: syscallName(number(0), machine),
    details: { ids: [1, 2, 3].map((slot) => `${intAt(record, slot)}`).join(' ') },
  }),
  20: ({ number }) => ({ action: 'bpf', target: bpfCommand(number(0)), details: { command: bpfCommand(number(0)) } }),
  21: ({ path, text }) => ({ action: 'module', target: text === '' ? path : text }),
  22: ({ number }) => ({
    action: 'keyctl',
    target: keyctlOperation(number(0)),
    details: { operation: keyctlOperation(number(0)) },
  }),
  23: ({ path, raw, text }) => ({
    action: 'memfd',
    target: text === '' ? path : text,
    details: { flags: memfdFlags(raw(0)) },
  }),
  24: ({ number, path }) =>
    number(0) === 0
      ? { action: 'io-uring', target: 'setup' }
      : {
          action: 'io-uring',
          target: path === '' ? uringOperation(number(1)) : path,
          details: { operation: uringOperation(number(1)) },
        },
  27: ({ path, raw, text }) => ({
    action: 'cgroup-create',
    target: text === '' ? path : text,
    details: { cgroup: `${raw(0)}`, parent: `${raw(1)}` },
  }),
  28: ({ path, raw, text }) => ({
    action: 'cgroup-move',
    target: text === '' ? path : text,
    details: { from: `${raw(0)}`, to: `${raw(1)}` },
  }),
  30: ({ machine, record, seccomp }) => seccompRefused(record, { machine, seccomp }),
  33: ({ number }) => ({
    action: 'raw-socket',
    target: familyName(number(0)),
    details: { type: `${number(1)}`, protocol: `${number(2)}` },
  }),
  36: ({ number, raw }) => ({
    action: 'foreign-arch',
    target: architectureName(number(0)),
    details: { call: `#${raw(1) & 0xffff_ffffn}` },
  }),
}

/** By the number that says how it is known (SPEC S2, type 30). */
const REFUSALS: readonly (readonly [outcome: string, basis: string])[] = [
  ['refused', 'answer'],
  ['refused', 'kernel'],
  ['killed', 'kernel'],
  ['logged', 'profile'],
  ['trapped', 'kernel'],
]

function seccompRefused(record: SensorRecord, { machine, seccomp }: ActContext): Act | undefined {
  const refusal = REFUSALS[numberAt(record, 2)]
  if (refusal === undefined) return undefined
  const [outcome, basis] = refusal
  const number = numberAt(record, 0)
  const architecture = numberAt(record, 3)
  return {
    action: 'seccomp-refused',
    // Numbers of another architecture mean other calls.
    target: architecture === 0 ? syscallName(number, machine) : `#${number}`,
    details: {
      outcome,
      basis,
      ...(outcome === 'refused' ? { errno: `${numberAt(record, 1)}` } : {}),
      ...(architecture === 0 ? {} : { architecture: architectureName(architecture) }),
      // Which policy the filter is of.
      ...seccomp,
    },
  }
}
