import type { AnnotationWire } from '@holdfast/api'
import { formatRfc3339, type UnixNano } from '@holdfast/model'
import type { Recorder } from '@holdfast/recorder'
import { buildReport, type DutyClock, type IncidentReport, lensFaults, type Matrix } from '@holdfast/respond'
import type { Annotations } from '../annotations/annotations.ts'
import type { Cases } from '../case/cases.ts'
import { asItStands, type WhoActed } from '../incidents/as-it-stands.ts'
import type { RevealLog } from '../reveal-log.ts'
import { ViewError, type ViewsClient } from '../views/client.ts'
import { HttpError } from '../http/problem.ts'
import type { LensReading } from './lens-reading.ts'
import type { ReportReading } from './reading.ts'

export type ReportSources = {
  readonly recorder: Pick<Recorder, 'checkpoint' | 'publicKey'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly annotations: Pick<Annotations, 'list'>
  readonly cases: Pick<Cases, 'stateOf'>
  readonly matrix: Matrix
  readonly acted: WhoActed
  readonly duties: (reading: ReportReading) => Promise<readonly DutyClock[]>
  readonly reveals: Pick<RevealLog, 'during'>
  readonly clock: () => UnixNano
  readonly version: string
}

export type MadeReport = { readonly report: IncidentReport; readonly reading: ReportReading }

/** In the place of lenses that could not be had. */
export type LensesLeftOut = { readonly incident: string; readonly leftOut: string }

/** Makes the reports of incidents out of the log. */
export class Reports {
  readonly #sources: ReportSources

  constructor(sources: ReportSources) {
    this.#sources = sources
  }

  /** The report as things stand. It quotes what was captured, so that its reading is on record first (FC3). Throws 404. */
  make(incident: string, by: string): Promise<MadeReport> {
    const read = async (): Promise<MadeReport> => {
      // The worker's answer to this question.
      const concluded = JSON.parse(await this.#sources.views.ask('getReportJson', { incident })) as ReportReading
      // The worker concludes from what agents did; what people did, and what holds, is known here.
      const reading = { ...concluded, incident: asItStands(concluded.incident, this.#sources.acted) }
      return { reading, report: await this.#report(reading, by) }
    }
    return this.#sources.reveals.during({ by, target: incident, read })
  }

  /**
   * The three lenses of an incident, read on record (FC3). Throws 404, and 409 where they do not count the same: what disagrees
   * with itself is handed to nobody (REG-4).
   */
  async lenses(incident: string, by: string): Promise<LensReading> {
    const read = async (): Promise<LensReading> =>
      // The worker's answer to this question.
      JSON.parse(await this.#sources.views.ask('getLenses', { incident })) as LensReading
    const reading = await this.#sources.reveals.during({ by, target: incident, read })
    const faults = lensFaults(reading.lenses)
    if (faults.length > 0) throw new HttpError(409, `the lenses do not count the same: ${faults.join('; ')}`)
    return reading
  }

  /**
   * The same for a bundle, which goes out without them, and says why, where they cannot be had: the records themselves are not
   * to wait for a reading of them.
   */
  async lensesOrWhyNot(incident: string, by: string): Promise<LensReading | LensesLeftOut> {
    try {
      return await this.lenses(incident, by)
    } catch (error) {
      // That the reading cannot be recorded is no reason to go on.
      if (!(error instanceof HttpError || error instanceof ViewError)) throw error
      return { incident, leftOut: `lenses: left out, because ${error.message}` }
    }
  }

  async #report(reading: ReportReading, by: string): Promise<IncidentReport> {
    const { recorder, cases, matrix, duties, clock, version } = this.#sources
    const notes = await this.#sources.annotations.list({ kind: 'incident', subject: reading.incident.id })
    const notesLeftOut = notes.total - notes.items.length
    const state = cases.stateOf(reading.incident)
    const key = recorder.publicKey()
    const { size, rootHash, note } = recorder.checkpoint()
    return buildReport({
      incident: reading.incident,
      evidence: reading.evidence,
      tools: reading.tools,
      // Written by the worker from a UnixNano.
      moments: reading.moments.map((moment) => ({ ...moment, at: BigInt(moment.at) as UnixNano })),
      recorded: new Map(reading.recorded),
      entries: reading.entries,
      notes: notes.items.map(noteOf).toReversed(),
      casefile: state === undefined ? undefined : { matrix, state },
      duties: await duties(reading),
      // A verifier key in C2SP form begins with the name of its log.
      log: { origin: key.split('+')[0] ?? '', key, size, rootHash, checkpoint: note },
      generated: { at: formatRfc3339(clock()), by, product: `Holdfast ${version}` },
      limits: [
        ...(notesLeftOut === 0 ? [] : [`${notesLeftOut} notes are left out, those that were saved longest ago`]),
        ...(reading.momentsLeftOut === 0 ? [] : [`${reading.momentsLeftOut} moments of the timeline are left out`]),
        ...(reading.custodyLeftOut === 0
          ? []
          : [`${reading.custodyLeftOut} lines of custody are left out, the earliest that are no seals`]),
      ],
    })
  }
}

function noteOf({ id, type, by, at, editedAt, text, place, entries }: AnnotationWire): IncidentReport['notes'][number] {
  // Both were written from a UnixNano.
  const timeOf = (nanos: string): string => formatRfc3339(BigInt(nanos) as UnixNano)
  const beside = place?.event === undefined ? {} : { event: place.event }
  return { id, type, by, at: timeOf(at), editedAt: timeOf(editedAt), words: text, ...beside, entries }
}
