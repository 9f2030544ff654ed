import { hash } from 'node:crypto'
import type { Content, Event, KernelBody, LogEntry } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { contentOf } from '../dialects/content.ts'
import { oneEvent } from '../dialects/write-events.ts'
import type { Normalised } from '../normalised.ts'
import { capabilitySet } from '../sensor/flags.ts'
import { sourceTag } from '../source-tag.ts'
import { processKey, tetragonEvent, timeOf } from './event.ts'
import type { TetragonEvent } from './event.ts'
import { hookBody } from './hooks.ts'
import { boundedText, connectionOf, integer } from './arguments.ts'

/** What one event of Tetragon means, in the words of our own sensor; undefined where the bytes are none. */
export function normaliseTetragon(entry: LogEntry, bytes: Uint8Array): Normalised | undefined {
  const json = parseJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  const event = json === undefined ? undefined : tetragonEvent(json)
  if (event === undefined) return undefined
  const isMasked = entry.masks.length > 0
  const known = bodyOf(event, isMasked)
  const body: KernelBody<Content> = known ?? {
    kind: 'kernel',
    action: 'other',
    target: event.kind,
    details: {},
    result: 0,
  }
  const { channel, instance, credential, tier, clock } = entry.envelope
  const frame = {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: { channel, instance, credential, tier, clock, dialect: 'tetragon', instrumentation: 'tetragon' },
      agent: agentOf(entry, event),
      context: contextOf(entry, event),
    },
    start: timeOf(textField(event.whole, 'time') ?? textField(field(event.body, 'process'), 'start_time')),
    idPrefix: `tetragon.${sourceTag(entry.envelope)}.${hash('sha256', bytes, 'hex').slice(0, 24)}`,
    isMasked,
  }
  return {
    events: [oneEvent(frame, body.kind, body)],
    dialect: 'tetragon',
    mapped: known === undefined ? 0 : 1,
    unmapped: known === undefined ? [event.kind] : [],
    cut: 0,
  }
}

function agentOf({ envelope }: LogEntry, event: TetragonEvent): Event['agent'] {
  return { id: envelope.agent, name: envelope.agentName, instance: placeOf(event) }
}

function contextOf({ envelope }: LogEntry, event: TetragonEvent): Event['context'] {
  const process = processKey(textField(field(event.body, 'process'), 'exec_id'))
  const parent = processKey(textField(field(event.body, 'process'), 'parent_exec_id'))
  return {
    session: `${envelope.agent}~${placeOf(event)}`,
    ...(process === undefined ? {} : { process }),
    ...(parent === undefined || parent === process ? {} : { parentProcess: parent }),
  }
}

function placeOf({ body, whole }: TetragonEvent): string {
  const process = field(body, 'process')
  const place =
    textField(field(process, 'pod'), 'name') ?? textField(process, 'docker') ?? textField(whole, 'node_name')
  return boundedText(place ?? '-', 256)
}

function bodyOf(event: TetragonEvent, isMasked: boolean): KernelBody<Content> | undefined {
  const { kind, body } = event
  switch (kind) {
    case 'process_exec':
      return execBody(field(body, 'process'), isMasked)
    case 'process_exit':
      return {
        kind: 'process',
        action: 'exit',
        exitCode: integer(field(body, 'status')) & 255,
        signal: signalNumber(textField(body, 'signal')),
      }
    case 'process_connect':
    case 'process_accept':
    case 'process_close':
    case 'process_listen':
      return connectionOf(body, kind)
    case 'process_kprobe':
    case 'process_lsm':
    case 'process_uprobe':
    case 'process_tracepoint':
      return hookBody(event)
    default:
      return undefined
  }
}

function execBody(process: Json | undefined, isMasked: boolean): KernelBody<Content> {
  const binary = textField(process, 'binary') ?? ''
  const args = textField(process, 'arguments')
  const cwd = textField(process, 'cwd')
  const effective = field(field(process, 'cap'), 'effective')
  const file = field(field(process, 'binary_properties'), 'file')
  const links = field(field(file, 'inode'), 'links')
  const fileless = links === '0' || links === 0 ? (binary.includes('memfd:') ? 'memfd' : 'deleted') : undefined
  return {
    kind: 'process',
    action: 'exec',
    binary: boundedText(binary),
    // Tetragon writes no arguments where there are none.
    arguments: contentOf({ value: args === undefined ? binary : `${binary} ${args}` }, isMasked),
    ...(cwd === undefined ? {} : { cwd: boundedText(cwd) }),
    ...(fileless === undefined ? {} : { fileless }),
    uid: integer(field(process, 'uid')),
    ...(isJsonArray(effective)
      ? { capabilities: capabilitySet(effective.filter((name) => typeof name === 'string')) }
      : {}),
    result: 0,
  }
}

const SIGNALS = (
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU ' +
  'XFSZ VTALRM PROF WINCH IO PWR SYS'
).split(' ')

function signalNumber(name: string | undefined): number {
  return name === undefined ? 0 : SIGNALS.indexOf(name.replace(/^SIG/, '')) + 1
}
