import { parseSpanId, parseTraceId } from '@holdfast/model'
import type { KernelContextBasis, SpanId, TraceId } from '@holdfast/model'
import { ENDED_KEPT_NS, LINEAGE_DEPTH, PROCESSES } from '../limits.ts'
import { FIELD_TAG, RECORD_OFFSET, RECORD_TYPE } from '../loader/record-layout.ts'
import { endOf, fieldOf, JOINT, number64 } from '../record-layout.ts'
import { isSameContext, parseTraceparent, type TraceContext } from './trace-context.ts'

/** One process by pid and start; a pid alone is used again. */
type Process = {
  readonly pid: number
  readonly startLow: number
  readonly startHigh: number
  parent: Process | undefined
  depth: number
  /** Context in its own environment, since when, and what held before. */
  own: TraceContext | undefined
  ownSinceNs: number
  before: TraceContext | undefined
  /** Context it keeps though its environment was replaced, or its ancestors forgotten. */
  kept: TraceContext | undefined
  endedNs: number
  /** The one that had this pid before. */
  older: Process | undefined
}

/** A trace context in words; empty where there is none. */
type StatedContext = {
  readonly trace?: TraceId
  readonly span?: SpanId
  readonly contextBasis?: KernelContextBasis
}

/** By the numbers of the joint. */
const BASES: readonly (KernelContextBasis | undefined)[] = [undefined, 'environment', 'lineage', 'run']

/** Basis of a context in the joint (SPEC S5). */
const BASIS = { environment: 1, lineage: 2, run: 3 } as const

/** A process that ran before it was watched, as /proc tells: its start only in ticks of the clock. */
export type RunningProcess = {
  readonly pid: number
  readonly startTicks: number
  readonly traceparent: string | undefined
}

/**
 * Who descends from whom, and which trace context each process acts under: that of its own environment, else that of
 * its nearest ancestor, else that of the run it is part of. Makes an object for a process, none for a record.
 */
export class ProcessTable {
  readonly #byPid = new Map<number, Process>()
  readonly #running = new Map<number, RunningProcess>()
  readonly #nsPerTick: number
  #newestNs = 0

  constructor(options: { readonly clockTicks: number }) {
    this.#nsPerTick = 1_000_000_000 / options.clockTicks
  }

  get size(): number {
    return this.#byPid.size
  }

  /** Processes of a cgroup that is watched from now on: their contexts were set before anything of them is recorded. */
  addRunning(processes: readonly RunningProcess[]): void {
    for (const process of processes) if (this.#running.size < PROCESSES) this.#running.set(process.pid, process)
  }

  /**
   * Learns from records who was made by whom and what they were given; before any of them is stamped,
   * because the two rings bring an exec before the fork that it followed.
   */
  learn(bytes: Buffer): void {
    let at = 0
    for (let end = endOf(bytes, at); end !== undefined; end = endOf(bytes, at)) {
      const type = bytes.readUInt16LE(at + RECORD_OFFSET.type)
      if (type === RECORD_TYPE.exec) this.#exec(bytes, at)
      else if (type === RECORD_TYPE.fork) this.#fork(bytes, at)
      else if (type === RECORD_TYPE.exit)
        this.#processOf(bytes, at).endedNs = number64(bytes, at + RECORD_OFFSET.bootNs)
      at = end
    }
  }

  /**
   * Writes basis, context and its holder into the joint at `jointAt`, which is zero there, for the record at `at`. `run`
   * holds where nothing nearer does.
   */
  stamp(bytes: Buffer, at: number, joint: Buffer, jointAt: number, run: TraceContext | undefined): void {
    const process = this.#processOf(bytes, at)
    const own = number64(bytes, at + RECORD_OFFSET.bootNs) >= process.ownSinceNs ? process.own : process.before
    const context = own ?? inherited(process) ?? run
    if (context === undefined) return
    // What the run gave to its first process says no more than that the process is of the run.
    const isRun = run !== undefined && isSameContext(context, run)
    joint[jointAt + JOINT.basis] = isRun ? BASIS.run : context === own ? BASIS.environment : BASIS.lineage
    context.trace.copy(joint, jointAt + JOINT.trace)
    context.span.copy(joint, jointAt + JOINT.span)
    joint.writeUInt32LE(context.pid, jointAt + JOINT.pid)
    joint.writeUInt32LE(context.startLow, jointAt + JOINT.startNs)
    joint.writeUInt32LE(context.startHigh, jointAt + JOINT.startNs + 4)
  }

  /** The context that {@link stamp} would write, in words; empty where there is none. */
  contextOf(bytes: Buffer, at: number, run: TraceContext | undefined): StatedContext {
    const joint = Buffer.alloc(JOINT.bytes)
    this.stamp(bytes, at, joint, 0, run)
    const contextBasis = BASES[joint[JOINT.basis] ?? 0]
    const trace = parseTraceId(joint.toString('hex', JOINT.trace, JOINT.trace + 16))
    const span = parseSpanId(joint.toString('hex', JOINT.span, JOINT.span + 8))
    return contextBasis === undefined || trace === undefined || span === undefined ? {} : { trace, span, contextBasis }
  }

  /** Forgets processes that ended a while ago. */
  sweep(): void {
    const limit = this.#newestNs - ENDED_KEPT_NS
    for (const [pid, process] of this.#byPid) {
      process.older = undefined
      if (process.endedNs > 0 && process.endedNs < limit) this.#byPid.delete(pid)
    }
  }

  #exec(bytes: Buffer, at: number): void {
    const process = this.#processOf(bytes, at)
    const text = fieldOf(bytes, at, FIELD_TAG.traceparent)?.toString('latin1')
    process.before = process.own
    process.kept = process.own ?? process.kept
    process.own = text === undefined ? undefined : parseTraceparent(text, process)
    process.ownSinceNs = number64(bytes, at + RECORD_OFFSET.bootNs)
  }

  #fork(bytes: Buffer, at: number): void {
    const parent = this.#processOf(bytes, at)
    const numbers = at + RECORD_OFFSET.numbers
    const pid = bytes.readUInt32LE(numbers)
    // A new thread is no new process.
    if (pid === parent.pid) return
    const child = this.#find(pid, bytes.readUInt32LE(numbers + 16), bytes.readUInt32LE(numbers + 20))
    // A record of the child may have come first, and have named who took it over when its parent ended.
    if (child !== undefined) adopt(child, parent)
    else this.#add(pid, bytes.readUInt32LE(numbers + 16), bytes.readUInt32LE(numbers + 20), parent)
  }

  /** The process that a record is of, made from what the record says where it was not known. */
  #processOf(bytes: Buffer, at: number): Process {
    const pid = bytes.readUInt32LE(at + RECORD_OFFSET.pid)
    const startLow = bytes.readUInt32LE(at + RECORD_OFFSET.startNs)
    const startHigh = bytes.readUInt32LE(at + RECORD_OFFSET.startNs + 4)
    const bootNs = number64(bytes, at + RECORD_OFFSET.bootNs)
    if (bootNs > this.#newestNs) this.#newestNs = bootNs
    const known = this.#find(pid, startLow, startHigh)
    if (known !== undefined) return known
    const parentLow = bytes.readUInt32LE(at + RECORD_OFFSET.parentStartNs)
    const parentHigh = bytes.readUInt32LE(at + RECORD_OFFSET.parentStartNs + 4)
    const ppid = bytes.readUInt32LE(at + RECORD_OFFSET.ppid)
    const isNamed = ppid !== 0 && (parentLow !== 0 || parentHigh !== 0)
    const parent = isNamed
      ? (this.#find(ppid, parentLow, parentHigh) ?? this.#add(ppid, parentLow, parentHigh, undefined))
      : undefined
    return this.#add(pid, startLow, startHigh, parent)
  }

  #find(pid: number, startLow: number, startHigh: number): Process | undefined {
    let process = this.#byPid.get(pid)
    while (process !== undefined && (process.startLow !== startLow || process.startHigh !== startHigh)) {
      process = process.older
    }
    return process
  }

  #add(pid: number, startLow: number, startHigh: number, parent: Process | undefined): Process {
    if (this.#byPid.size >= PROCESSES) this.#forgetOldest()
    const older = this.#byPid.get(pid)
    const process: Process = {
      pid,
      startLow,
      startHigh,
      parent: undefined,
      depth: 0,
      own: undefined,
      ownSinceNs: 0,
      before: undefined,
      kept: undefined,
      endedNs: 0,
      older,
    }
    if (older !== undefined) older.older = undefined
    if (parent !== undefined) adopt(process, parent)
    this.#takeRunning(process)
    this.#byPid.set(pid, process)
    return process
  }

  #takeRunning(process: Process): void {
    const running = this.#running.get(process.pid)
    if (running === undefined) return
    const startNs = process.startHigh * 4_294_967_296 + process.startLow
    if (Math.floor(startNs / this.#nsPerTick) !== running.startTicks) return
    this.#running.delete(process.pid)
    process.own = running.traceparent === undefined ? undefined : parseTraceparent(running.traceparent, process)
  }

  #forgetOldest(): void {
    this.sweep()
    const [oldest] = this.#byPid.keys()
    if (this.#byPid.size >= PROCESSES && oldest !== undefined) this.#byPid.delete(oldest)
  }
}

/** Where a chain gets too deep it is cut, and what the ancestors beyond knew is kept. */
function adopt(child: Process, parent: Process): void {
  if (parent === child) return
  if (parent.depth < LINEAGE_DEPTH) {
    child.parent = parent
    child.depth = parent.depth + 1
    return
  }
  child.kept = parent.own ?? inherited(parent)
  child.parent = undefined
  child.depth = 0
}

/** The context of the nearest ancestor that has one. */
function inherited(process: Process): TraceContext | undefined {
  let at: Process | undefined = process
  for (let depth = 0; at !== undefined && depth <= LINEAGE_DEPTH; depth += 1) {
    const context = at === process ? at.kept : (at.own ?? at.kept)
    if (context !== undefined) return context
    at = at.parent
  }
  return undefined
}
