import { formatRfc3339, parseUnixNano, type UnixNano } from '@holdfast/model'
import { attestationIn, attestationOf, attestationText, type Attestation, type AttestedGap } from '@holdfast/reconcile'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { AwayTimes } from './away-times.ts'
import type { GapLedger } from './gap-ledger.ts'
import { heardBetween } from './heard-streams.ts'
import { DAY_GRACE_MS, DAYS_MADE_UP, STATEMENTS_KEPT } from './limits.ts'

export type AttestationSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'signDocument' | 'signCheckpoint' | 'publicKey' | 'size'>
  readonly reader: Pick<LogReader, 'eachControl' | 'size' | 'segment' | 'segments' | 'entry'>
  readonly gaps: GapLedger
  readonly clock: () => UnixNano
}

/** One statement on record. */
export type Signed = {
  readonly day: string
  readonly entry: number
  readonly recordedAt: string
  readonly streams: number
  readonly withGaps: number
}

/** One signed statement a day (REC-11). What was signed is read from the log; nothing of it is kept elsewhere. */
export class Attestations {
  readonly #sources: AttestationSources
  readonly #away: AwayTimes
  readonly #signed: Signed[] = []
  /** Newest last. */
  readonly #statements: Attestation[] = []
  #read = 0
  #looking: Promise<number> | undefined

  constructor(sources: AttestationSources) {
    this.#sources = sources
    this.#away = new AwayTimes(sources.reader)
  }

  /** Signs each day that is over and has no statement yet; gives how many. Callers at the same time share one look. */
  look(): Promise<number> {
    this.#looking ??= this.#signDays().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** The oldest first, and the days between that have none. */
  list(): { readonly items: readonly Signed[]; readonly missing: readonly string[] } {
    this.#catchUp()
    const [first, last] = [this.#firstDay(), this.#signed.at(-1)?.day]
    const known = new Set(this.#signed.map(({ day }) => day))
    const missing: string[] = []
    if (first !== undefined && last !== undefined)
      for (let day = first; day <= last; day = dayAfter(day)) if (!known.has(day)) missing.push(day)
    return { items: [...this.#signed], missing }
  }

  /** The statement of a day with its note; of today, as far as it is. Undefined where there is none. */
  async show(
    day: string,
  ): Promise<{ readonly attestation: Attestation; readonly note?: string; readonly entry?: number } | undefined> {
    this.#catchUp()
    const signed = this.#signed.findLast((one) => one.day === day)
    if (signed !== undefined) {
      const note = this.#noteAt(signed.entry)
      const attestation = note === undefined ? undefined : attestationIn(note)
      return note === undefined || attestation === undefined ? undefined : { attestation, note, entry: signed.entry }
    }
    return day === dayOf(this.#sources.clock()) ? { attestation: await this.#derive(day, true) } : undefined
  }

  async #signDays(): Promise<number> {
    this.#catchUp()
    const { clock } = this.#sources
    const first = this.#firstDay()
    if (first === undefined) return 0
    const over = dayOf((clock() - BigInt(DAY_GRACE_MS) * 1_000_000n) as UnixNano) // no clock of ours is within a minute of 1970
    let day = this.#signed.at(-1)?.day
    day = day === undefined ? first : dayAfter(day)
    const oldest = dayOf((clock() - BigInt(DAYS_MADE_UP) * DAY_NS) as UnixNano) // as above
    if (day < oldest) day = oldest
    let signed = 0
    for (; day < over; day = dayAfter(day)) {
      await this.#sign(await this.#derive(day, false))
      signed += 1
    }
    return signed
  }

  async #sign(attestation: Attestation): Promise<void> {
    const { recorder } = this.#sources
    const origin = recorder.publicKey().split('+')[0] ?? ''
    const note = recorder.signDocument(attestationText(attestation, { origin, size: recorder.size }))
    const { day, streams } = attestation
    const withGaps = streams.filter(({ state }) => state !== 'whole').length
    await recorder.appendControl({ kind: 'attestation', day, note, streams: streams.length, withGaps })
    this.#catchUp()
  }

  async #derive(day: string, isProvisional: boolean): Promise<Attestation> {
    const { recorder, reader, gaps, clock } = this.#sources
    const from = startOf(day)
    const end = startOf(dayAfter(day))
    const now = clock()
    const to = now < end ? now : end
    const { entries, streams } = await heardBetween(reader, from, to)
    await gaps.catchUp()
    const { size, rootHash } = await recorder.signCheckpoint()
    const window = { from: formatRfc3339(from), to: formatRfc3339(to) }
    return attestationOf(
      {
        day,
        isProvisional,
        entries,
        checkpoint: { size, rootHash },
        hoursPast: Number((to - from) / HOUR_NS),
        heard: streams,
        gaps: gaps.between(window.from, window.to).map(attested),
        lateGaps: gaps.late(window.from, entries).map(attested),
        away: this.#away.within(from, to),
      },
      this.#statements,
    )
  }

  #catchUp(): void {
    const { reader } = this.#sources
    const size = reader.size()
    for (const { index, recordedAt, record } of reader.eachControl('attestation', { from: this.#read, to: size })) {
      const { day, note, streams, withGaps } = record
      this.#signed.push({ day, entry: index, recordedAt: formatRfc3339(recordedAt), streams, withGaps })
      const attestation = attestationIn(note)
      if (attestation !== undefined) this.#statements.push(attestation)
      if (this.#statements.length > STATEMENTS_KEPT) this.#statements.shift()
    }
    this.#read = size
  }

  #noteAt(entry: number): string | undefined {
    for (const { index, record } of this.#sources.reader.eachControl('attestation', { from: entry, to: entry + 1 }))
      if (index === entry && record.kind === 'attestation') return record.note
    return undefined
  }

  /** The day on which the log begins. */
  #firstDay(): string | undefined {
    const [segment] = this.#sources.reader.segments({ limit: 1 })
    return segment === undefined ? undefined : dayOf(segment.recordedAt)
  }
}

function attested({ entry, channel, reason, from, to }: AttestedGap): AttestedGap {
  return { entry, channel, reason, from, to }
}

const HOUR_NS = 3_600_000_000_000n
const DAY_NS = 24n * HOUR_NS

function dayOf(time: UnixNano): string {
  return formatRfc3339(time).slice(0, 10)
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

function startOf(day: string): UnixNano {
  const time = parseUnixNano(BigInt(Date.parse(`${day}T00:00:00Z`)) * 1_000_000n)
  if (time === undefined) throw new RangeError(`${day} is no day after 1970`)
  return time
}
