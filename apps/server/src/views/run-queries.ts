import type { Answer, Query } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import type { Event, EventBody, EventContext, LogEntry } from '@holdfast/model'
import { ownConversation, traceKeyOf } from './keys.ts'
import { RunUnlisted } from './run-unlisted.ts'
import { RunViolations } from './run-violations.ts'
import type { ViewSources } from './view-sources.ts'

/** Rows of each list of a summary: more is read in the workspace. */
const ROWS = 2_000
/** Entries looked at: an hour of a busy run. What lies beyond is counted as cut. */
const ENTRIES = 200_000

/** What one run did, read from the log when it is asked for. */
export class RunQueries {
  readonly #reader: ViewSources['reader']

  constructor({ reader }: ViewSources) {
    this.#reader = reader
  }

  run({ run, query }: { readonly run: string; readonly query: Query<'getRun'> }): Answer<'getRun'> {
    const summary = new RunSummary(run, query)
    for (const entry of this.#entriesOf(run, query)) if (!summary.add(entry)) break
    return summary.answer()
  }

  /**
   * Found by the run, by its trace, and of its agent what states the run. A segment is given once; its neighbours in the
   * log may be another's, but all of a segment shares one resource.
   */
  *#entriesOf(run: string, { agent, trace, from = 0 }: Query<'getRun'>): Generator<LogEntry> {
    const reader = this.#reader
    const own = new Set(reader.segmentsWithTerm(`run:${run}`, { from }))
    if (trace !== undefined) for (const first of reader.segmentsWithTerm(`trace:${trace}`, { from })) own.add(first)
    const ofAgent = new Set(reader.segmentsWithTerm(`agent:${agent}`.slice(0, 300), { from }))
    for (const first of [...own.union(ofAgent)].toSorted((a, b) => a - b)) {
      const segment = reader.segment(first)
      if (segment === undefined || segment.envelope.channel === 'control') continue
      if (!own.has(first) && !states(segment.envelope.resource, run)) continue
      const { count } = segment.summary
      yield* reader.entries({ from: Math.max(first, from), to: first + count })
    }
  }
}

/** A run's id is random: a resource that holds it is of that run. */
function states(resource: Uint8Array, run: string): boolean {
  return Buffer.from(resource.buffer, resource.byteOffset, resource.byteLength).includes(run)
}

/** Whether a process was given the context of an act, and not that of the whole run alone. */
function isOfAct({ contextBasis }: EventContext): boolean {
  return contextBasis === 'environment' || contextBasis === 'lineage'
}

type Destination = {
  readonly address: string
  readonly port: number
  readonly protocol: string
  readonly names: Set<string>
  connections: number
  refused: number
}

class RunSummary {
  readonly #run: string
  readonly #agent: string
  readonly #trace: string | undefined
  #entries = 0
  #cut = 0
  #programsOfActs = 0
  readonly #processes = new Map<string, { process: string; binary: string; exitCode?: number; signal?: number }>()
  readonly #files = new Map<string, { readonly actions: Set<string>; count: number }>()
  readonly #destinations = new Map<string, Destination>()
  readonly #names = new Map<string, Set<string>>()
  readonly #syscalls = new Set<string>()
  readonly #violations: RunViolations
  readonly #unlisted: RunUnlisted
  /** Conversations by what their traces go by, as the agent itself told them. */
  readonly #conversations = new Map<string, string>()
  /** What the traces go by of which anybody but the kernel told. */
  readonly #told = new Set<string>()
  readonly #tools = new Map<string, { readonly event: string; readonly name: string }>()

  constructor(run: string, { agent, trace }: Query<'getRun'>) {
    this.#run = run
    this.#agent = agent
    this.#trace = trace
    const given = {
      rows: ROWS,
      binaryOf: (process: string) => this.#processes.get(process)?.binary,
      conversationOf: (event: Event) => event.context.conversation ?? ownConversation(traceKeyOf(event)),
    }
    this.#violations = new RunViolations(given)
    this.#unlisted = new RunUnlisted(given)
  }

  /** False once enough was read. */
  add(entry: LogEntry): boolean {
    if (this.#entries === ENTRIES) {
      this.#cut += 1
      return false
    }
    this.#entries += 1
    for (const event of normalise(entry).events) this.#event(event)
    return true
  }

  answer(): Answer<'getRun'> {
    for (const destination of this.#destinations.values()) {
      for (const name of this.#names.get(destination.address) ?? []) destination.names.add(name)
    }
    return {
      run: this.#run,
      agent: this.#agent,
      entries: this.#entries,
      processes: [...this.#processes.values()],
      filesWritten: [...this.#files].map(([path, { actions, count }]) => ({ path, actions: [...actions], count })),
      destinations: [...this.#destinations.values()].map((found) => ({ ...found, names: [...found.names] })),
      toolCalls: [...this.#tools.values()],
      conversations: this.#toldConversations(),
      programsOfActs: this.#programsOfActs,
      syscalls: [...this.#syscalls].toSorted(),
      violations: this.#violations.answer().map((row) => this.#inConversation(row)),
      unlisted: this.#unlisted
        .answer((address) => [...(this.#names.get(address) ?? [])])
        .map((row) => this.#inConversation(row)),
      cut: this.#cut + this.#violations.cut + this.#unlisted.cut,
    }
  }

  /** Conversations that the agent told of, and whether one goes on in the run's own trace, as what the kernel saw does. */
  #toldConversations(): Answer<'getRun'>['conversations'] {
    const ofRun = new Map<string, boolean>()
    for (const trace of this.#told) {
      const id = this.#conversations.get(trace) ?? trace
      ofRun.set(id, ofRun.get(id) === true || trace === this.#trace)
    }
    return [...ofRun].map(([id, isOfRun]) => ({ id, isOfRun }))
  }

  /** What the agent calls the conversation of a trace may be told after what the kernel saw of it. */
  #inConversation<T extends { readonly conversation?: string | undefined }>(row: T): T {
    const named = row.conversation === undefined ? undefined : this.#conversations.get(row.conversation)
    return named === undefined ? row : { ...row, conversation: named }
  }

  #event(event: Event): void {
    const { id, body, context } = event
    if (context.conversation !== undefined && context.trace !== undefined && this.#conversations.size < ROWS)
      this.#conversations.set(ownConversation(traceKeyOf(event)), context.conversation)
    if (event.source.tier !== 'kernel' && context.trace !== undefined && this.#told.size < ROWS)
      this.#told.add(ownConversation(traceKeyOf(event)))
    if (body.kind === 'process' && body.action === 'exec' && isOfAct(context)) this.#programsOfActs += 1
    if (body.kind === 'process') this.#process(context.process ?? id, body)
    // What a container runtime writes on its way to the program is not the agent's.
    else if (body.kind === 'file') {
      if (context.isSetup !== true) this.#file(body)
    } else if (body.kind === 'connection') {
      this.#connection(body)
      this.#unlisted.add(event, body)
    } else if (body.kind === 'dns') for (const answer of body.answers) this.#named(answer, body.name)
    else if (body.kind === 'kernel') this.#violations.add(event, body)
    else if (body.kind === 'syscall-set') {
      for (const call of body.calls) this.#syscalls.add(call)
    } else if (body.kind === 'tool-call')
      this.#row(this.#tools, body.callId ?? id, () => ({ event: id, name: body.toolName }))
  }

  #process(process: string, body: Extract<EventBody, { readonly kind: 'process' }>): void {
    if (body.action === 'exec') {
      // A process that becomes another program twice is named by the last.
      const known = this.#processes.get(process)
      if (known !== undefined) known.binary = body.binary
      else this.#row(this.#processes, process, () => ({ process, binary: body.binary }))
    }
    if (body.action !== 'exit') return
    const known = this.#processes.get(process)
    if (known === undefined) return
    if (body.signal === 0) known.exitCode = body.exitCode
    else known.signal = body.signal
  }

  #file({ action, path, to, result }: Extract<EventBody, { readonly kind: 'file' }>): void {
    if (action === 'read' || result < 0) return
    const name = action === 'rename' && to !== undefined ? to : path
    const known = this.#files.get(name)
    if (known === undefined) return this.#row(this.#files, name, () => ({ actions: new Set([action]), count: 1 }))
    known.actions.add(action)
    known.count += 1
  }

  #connection({ action, protocol, remote, result }: Extract<EventBody, { readonly kind: 'connection' }>): void {
    if (remote === undefined || (action !== 'connect' && action !== 'refused')) return
    const { address, port } = remote
    const key = `${protocol} ${address} ${port}`
    this.#row(this.#destinations, key, () => ({
      address,
      port,
      protocol,
      names: new Set<string>(),
      connections: 0,
      refused: 0,
    }))
    const known = this.#destinations.get(key)
    // A connect that goes on in the background has begun.
    const isBegun = action === 'connect' && (result === 0 || result === EINPROGRESS)
    if (known !== undefined && isBegun) known.connections += 1
    else if (known !== undefined) known.refused += 1
  }

  #named(address: string, name: string): void {
    const names = this.#names.get(address)
    if (names === undefined) this.#row(this.#names, address, () => new Set([name]))
    else if (names.size < 32) names.add(name)
  }

  /** Adds a row unless it is there, or counts it where the list is full. */
  #row<T>(rows: Map<string, T>, key: string, make: () => T): void {
    if (rows.has(key)) return
    if (rows.size < ROWS) rows.set(key, make())
    else this.#cut += 1
  }
}

const EINPROGRESS = -115
