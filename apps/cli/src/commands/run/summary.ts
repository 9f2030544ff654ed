import { ours } from '../../called-as.ts'
import type { RunSummary } from '@holdfast/api'
import { shellWord } from '@holdfast/model'
import { RUN_ROWS } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { policyLine, type PolicyReport } from './policy/report.ts'
import type { Violation } from './seccomp/violations.ts'

/** What `run --json` prints. */
export type RunReport = Pick<
  RunSummary,
  'run' | 'processes' | 'filesWritten' | 'destinations' | 'toolCalls' | 'conversations' | 'syscalls' | 'cut'
> & {
  readonly name: string
  readonly agent: string
  /** Trace that every process of the run was given. */
  readonly trace: string
  readonly server: string
  readonly exitCode: number
  /** Who tells of processes, files and destinations: where it is not the kernel, an empty list says nothing. */
  readonly sight: 'kernel' | 'telemetry' | 'none'
  readonly signal?: string
  readonly durationMs: number
  /** What seccomp filters refused, killed, trapped or logged: the profile's, and the agent's own. */
  readonly violations: readonly Violation[]
  /** Set under `--policy`. */
  readonly policy?: PolicyReport
  /** Set where the run was under a profile: SHA-256 of its file. */
  readonly seccomp?: { readonly profile: string }
  /** Processes that were still there when the program ended; they were ended too. */
  readonly leftBehind: number
  /** What could not be seen, and why; a sentence each. */
  readonly unseen: readonly string[]
}

/** One line of how far a run is. */
export function progressLine({ processes, filesWritten, destinations, toolCalls }: RunSummary): string {
  const parts = [
    counted(processes.length, 'process', 'processes'),
    counted(filesWritten.length, 'file written', 'files written'),
    counted(destinations.length, 'destination', 'destinations'),
    counted(toolCalls.length, 'tool call', 'tool calls'),
  ]
  return parts.join(', ')
}

/** What a person reads at the end. */
export function reportText(report: RunReport, program?: string): string {
  const ended = report.signal === undefined ? `exit ${report.exitCode}` : `ended by ${report.signal}`
  const files = report.filesWritten.map(({ path, actions }) => `${inert(path)}  (${actions.join(', ')})`)
  const tools = report.toolCalls.map(({ name }) => inert(name))
  // Not seen must not look like none.
  const none = report.sight === 'kernel' ? 'none' : 'not seen'
  return [
    '',
    `${inert(report.name)}: ${ended} after ${(report.durationMs / 1000).toFixed(1)} s`,
    ...section('processes', report.processes.map(processLine), none),
    ...section('files written', files, none),
    ...section('destinations', report.destinations.map(destinationLine), none),
    ...section('tool calls', tools, 'none told'),
    `  system calls: ${report.sight === 'kernel' ? `${report.syscalls.length} different ones` : none}`,
    ...(report.seccomp === undefined && report.violations.length === 0
      ? []
      : section('seccomp', report.violations.map(violationLine), none)),
    ...(report.policy === undefined ? [] : section('policy', report.policy.violations.map(policyLine), 'kept')),
    ...(report.leftBehind === 0 ? [] : [`  ${report.leftBehind} processes were left behind and ended`]),
    ...(report.cut === 0 ? [] : [`  ${report.cut} more rows: look at the workspace`]),
    ...section('not seen', report.unseen.map(inert), 'nothing that is known of'),
    ...lookLines(report, program),
    '',
  ].join('\n')
}

/** What the agent told stands in conversations of its own, what the kernel saw and no act led to in that of the run. */
function lookLines({ conversations, trace, sight }: RunReport, program: string | undefined): readonly string[] {
  const command = (id: string): string => ours`holdfast graph ${inert(shellWord(id))}`.as(program)
  if (conversations.length === 0) return [`look at it: ${command(trace)}`]
  const more = conversations.length - CONVERSATIONS_NAMED
  const isApart = sight === 'kernel' && !conversations.some(({ isOfRun }) => isOfRun)
  return [
    ...conversations.slice(0, CONVERSATIONS_NAMED).map(({ id }) => `look at it: ${command(id)}`),
    ...(more > 0 ? [`  and ${counted(more, 'conversation', 'conversations')} more`] : []),
    ...(isApart ? [`what the kernel saw beside its acts: ${command(trace)}`] : []),
  ]
}

/** A run has one, a server that runs for days thousands. */
const CONVERSATIONS_NAMED = 3

function section(title: string, rows: readonly string[], none: string): readonly string[] {
  if (rows.length === 0) return [`  ${title}: ${none}`]
  const more = rows.length > RUN_ROWS ? [`    and ${rows.length - RUN_ROWS} more`] : []
  return [`  ${title}:`, ...rows.slice(0, RUN_ROWS).map((row) => `    ${row}`), ...more]
}

function processLine({ binary, exitCode, signal }: RunReport['processes'][number]): string {
  if (signal !== undefined) return `${inert(binary)}  (signal ${signal})`
  return exitCode === undefined || exitCode === 0 ? inert(binary) : `${inert(binary)}  (exit ${exitCode})`
}

function destinationLine({
  address,
  port,
  protocol,
  names,
  connections,
  refused,
}: RunReport['destinations'][number]): string {
  const end = port === 0 ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  const name = names.length === 0 ? '' : ` ${names.join(', ')}`
  const failed = refused === 0 ? '' : `, ${refused} failed`
  return inert(`${end}${name}  (${protocol}, ${connections} begun${failed})`)
}

function violationLine({ call, architecture, outcome, errno, binary, basis }: Violation): string {
  const of = architecture === undefined ? '' : ` of ${architecture}`
  const answer = errno === undefined ? '' : ` with errno ${errno}`
  const by = basis === 'kernel' ? '' : ', by the profile'
  return inert(`${call}${of} ${outcome}${answer}${binary === undefined ? '' : `  (${binary}${by})`}`)
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
