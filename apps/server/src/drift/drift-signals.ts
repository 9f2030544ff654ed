import { createHash } from 'node:crypto'
import type { Answer, DriftSignalWire } from '@holdfast/api'
import { canonicalJson, formatRfc3339, parseAgentId, type DriftSignalRecord, type UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { Logger } from 'pino'
import type { Notices } from '../notices/notices.ts'
import type { ViewsClient } from '../views/client.ts'
import type { DriftRound } from './drift-queries.ts'
import { ROUND_MS, SIGNALS_KEPT, SIGNALS_SHOWN, WAITS_FOR_JUDGE } from './limits.ts'

export type DriftSignalsSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'size'>
  readonly reader: Pick<LogReader, 'eachControl' | 'control'>
  readonly views: Pick<ViewsClient, 'ask' | 'onFolded' | 'onFiled'>
  readonly notices: Pick<Notices, 'tell'>
  readonly clock: () => UnixNano
  /** Calls back once after so many milliseconds, unless what it returns is called before. */
  readonly later: (ms: number, call: () => void) => () => void
  readonly logger: Logger
}

type Kept = DriftSignalWire
type Risky = DriftRound['agents'][number]['risky'][number]

/**
 * The stream of drift signals: whenever agents were heard of, what is risky now is held against what the stream said last, and
 * the difference is on record before anybody is told. What an incident holds is the incident's to tell (REC-9).
 */
export class DriftSignals implements AsyncDisposable {
  readonly #sources: DriftSignalsSources
  /** All lines, the oldest first; of more than are kept only the log has the others. */
  readonly #lines: Kept[] = []
  /** The newest line of each signal that is open. */
  readonly #open = new Map<string, Kept>()
  readonly #seen = new Map<string, number>()
  readonly #listeners = new Set<(lines: readonly Kept[]) => void>()
  #judged = 0
  #cancel: (() => void) | undefined
  #stops: (() => void)[] = []
  #run: Promise<void> | undefined
  /** How often incidents came or changed. */
  #filed = 0
  #isStale = false
  #isClosed = false
  #waits = 0
  #restMs = ROUND_MS

  constructor(sources: DriftSignalsSources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.eachControl('drift-signal')) {
      const { kind: _kind, ...said } = record
      this.#keep(said, index, recordedAt)
    }
  }

  start(): void {
    const { views } = this.#sources
    this.#stops = [
      views.onFolded(() => this.#soon()),
      views.onFiled(() => {
        this.#filed += 1
        // An incident may hold by now what was told as drift.
        for (const { agent } of this.#open.values()) this.#seen.delete(agent)
        this.#soon()
      }),
    ]
    this.#soon()
  }

  list({
    after = -1,
    limit = SIGNALS_SHOWN,
  }: {
    readonly after?: number | undefined
    readonly limit?: number | undefined
  }): Answer<'listDriftSignals'> {
    const items = this.#lines.filter(({ entry }) => entry > after).slice(0, limit)
    return { items, nextAfter: items.at(-1)?.entry ?? after, judged: this.#judged, size: this.#sources.recorder.size }
  }

  /** How far it judged; called whenever that moves, with the lines that came. */
  onLines(listener: (lines: readonly Kept[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get judged(): number {
    return this.#judged
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    for (const stop of this.#stops) stop()
    this.#cancel?.()
    await this.#run
  }

  #soon(): void {
    if (this.#isClosed || this.#cancel !== undefined) return
    if (this.#run !== undefined) {
      this.#isStale = true
      return
    }
    this.#cancel = this.#sources.later(this.#restMs, () => {
      this.#cancel = undefined
      this.#run = this.#round()
        .catch((error: unknown) => this.#sources.logger.error({ err: error }, 'drift could not be told yet'))
        .finally(() => {
          this.#run = undefined
          if (!this.#isStale) return
          this.#isStale = false
          this.#soon()
        })
    })
  }

  async #round(): Promise<void> {
    const { views, clock } = this.#sources
    const begun = clock()
    // What is still being judged may become an incident, and is then no signal: a little patience keeps both apart.
    const incidents = JSON.parse(await views.ask('listIncidents', { query: { limit: 1 } })) as Answer<'listIncidents'> // its own answer
    if (incidents.waiting > 0 && this.#waits < WAITS_FOR_JUDGE) {
      this.#waits += 1
      this.#isStale = true
      return
    }
    this.#waits = 0
    const filed = this.#filed
    const round = JSON.parse(
      await views.ask('listDriftSignals', { seen: Object.fromEntries(this.#seen), now: formatRfc3339(begun) }),
    ) as DriftRound // its own answer
    const lines: Kept[] = []
    for (const { agent, name, version, risky } of round.agents) {
      for (const record of this.#news(agent, name, risky)) lines.push(await this.#write(record))
      // What was filed while the answer was on its way is not in it: then it is asked for once more.
      if (this.#filed === filed) this.#seen.set(agent, version)
    }
    if (round.isWhole) this.#judged = round.cursor
    else this.#isStale = true
    // A twentieth of the time at most goes into this.
    this.#restMs = Math.max(ROUND_MS, Number((clock() - begun) / 1_000_000n) * 20)
    for (const listener of this.#listeners) listener(lines)
  }

  /** What the stream has to say of an agent, given what it said last. */
  #news(agent: string, agentName: string, risky: readonly Risky[]): readonly DriftSignalRecord[] {
    const id = parseAgentId(agent)
    if (id === undefined) return []
    const records: DriftSignalRecord[] = []
    for (const change of risky) {
      const last = this.#open.get(change.id)
      if (change.incident !== undefined) {
        if (last !== undefined)
          records.push({
            ...recordOf(change, { agent: id, agentName }),
            state: 'in-incident',
            events: [],
            incident: change.incident,
          })
        continue
      }
      const isSame = last !== undefined && last.verdict === change.verdict && last.severity === change.severity
      if (!isSame)
        records.push({
          ...recordOf(change, { agent: id, agentName }),
          state: last === undefined ? 'opened' : 'changed',
        })
    }
    const now = new Set(risky.map((change) => change.id))
    for (const last of this.#open.values())
      if (last.agent === agent && !now.has(last.signal)) {
        const { entry: _entry, recordedAt: _at, incident: _incident, ...record } = last
        records.push({ ...record, agent: id, state: 'closed' })
      }
    return records
  }

  async #write(record: DriftSignalRecord): Promise<Kept> {
    const { from } = await this.#sources.recorder.appendControl({ kind: 'drift-signal', ...record })
    // As the log has it, so that reading it again gives the same.
    const at = this.#sources.reader.control(from)?.recordedAt ?? this.#sources.clock()
    const line = this.#keep(record, from, at)
    await this.#sources.notices.tell({
      id: `drift-${createHash('sha256')
        .update(canonicalJson({ ...line, recordedAt: '' }))
        .digest('hex')
        .slice(0, 24)}`,
      kind: 'drift-signal',
      incident: '',
      severity: record.severity === 'none' ? 'info' : record.severity,
      title: `Drift of ${record.agentName}: ${record.what}`,
      lines: [
        `${record.state}, ${record.verdict}, ${record.subject}`,
        `deployment ${held(record.deployment)}, continuity ${held(record.continuity)}, bounds ${held(record.bounds)}`,
        `signal ${record.signal}, log entry ${from}`,
      ],
      for: [],
      path: `/agents/${encodeURIComponent(record.agent)}/drift`,
      at,
    })
    return line
  }

  #keep(record: DriftSignalRecord, entry: number, recordedAt: UnixNano): Kept {
    const line: Kept = {
      ...record,
      entry,
      recordedAt: formatRfc3339(recordedAt),
      entries: [...record.entries],
      events: [...record.events],
      executions: [...record.executions],
    }
    this.#lines.push(line)
    if (this.#lines.length > SIGNALS_KEPT) this.#lines.shift()
    if (line.state === 'opened' || line.state === 'changed') this.#open.set(record.signal, line)
    else this.#open.delete(record.signal)
    return line
  }
}

function held(holds: boolean): string {
  return holds ? 'holds' : 'is broken'
}

function recordOf(
  { id, subject, verdict, severity, what, at, signals, entries, events, executions }: Risky,
  whose: Pick<DriftSignalRecord, 'agent' | 'agentName'>,
): Omit<DriftSignalRecord, 'state'> {
  return {
    ...whose,
    signal: id,
    change: id,
    subject,
    verdict,
    severity,
    what,
    at,
    deployment: signals.deployment.holds,
    continuity: signals.continuity.holds,
    bounds: signals.bounds.holds,
    entries,
    events: events.slice(0, EVENTS_TOLD),
    executions,
  }
}

/** Events of one signal: each entry gives a few. */
const EVENTS_TOLD = 64
