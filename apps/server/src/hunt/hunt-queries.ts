import type { Answer, HuntRowWire, Query } from '@holdfast/api'
import type { StepsOfWork } from '@holdfast/detect'
import { formatRfc3339, HUNT_FIELDS, type HuntField, parseUnixNano, type UnixNano } from '@holdfast/model'
import type { LogReader, ProjectionStore } from '@holdfast/recorder'
import { IncidentRows } from '../incidents/incident-rows.ts'
import { QuestionError } from '../views/view-sources.ts'
import { ChunkReader } from './chunk-reader.ts'
import type { Chunk } from './chunk.ts'
import { FacetCount, type Histogram, TimeCount } from './counts.ts'
import { type Cases, columnsOf, readCases } from './derived-columns.ts'
import { type ColumnOf, type HuntAsk, PASSES, verdictsOf } from './evaluate.ts'
import { askOf, byPresentIds, cursorOf, placeOf, type UnderstoodWindow } from './hunt-ask.ts'
import { HuntScan } from './hunt-scan.ts'
import { ROWS_SHOWN, VALUES_SHOWN } from './limits.ts'
import { TextSearch } from './text-search.ts'

/** Questions of hunting, by route name. `now`: decimal nanoseconds, for times that count from it. */
export type HuntQuestions = {
  hunt: { readonly query: Query<'hunt'>; readonly now: string }
  huntFacets: { readonly query: Query<'huntFacets'>; readonly now: string }
}

export function isHuntQuestion(question: string): question is keyof HuntQuestions {
  return question === 'hunt' || question === 'huntFacets'
}

type Sources = {
  readonly reader: LogReader
  readonly store: ProjectionStore
  readonly incidents: ProjectionStore
  readonly classOf: (agent: string) => string | undefined
}

type Opened = {
  readonly ask: HuntAsk
  readonly scan: HuntScan
  readonly columnOf: ColumnOf
  /** The place in the query of the terms on a field, from 1. */
  readonly placeOfField: (field: HuntField) => number | undefined
  readonly progress: () => Omit<Answer<'hunt'>, 'items'>
}

/** Searches all events: rows, the newest recorded first, and how often each value occurs among them. */
export class HuntQueries {
  readonly #sources: Sources
  readonly #chunks: ChunkReader
  readonly #incidents: IncidentRows

  constructor(sources: Sources) {
    this.#sources = sources
    this.#chunks = new ChunkReader(sources.store)
    this.#incidents = new IncidentRows(sources.incidents)
  }

  /** Step by step, a chunk at a time: other questions are answered between. Throws {@link QuestionError}. */
  *answering(question: keyof HuntQuestions, args: unknown): StepsOfWork<unknown> {
    switch (question) {
      case 'hunt':
        return yield* this.#rows(args as HuntQuestions['hunt']) // ViewsClient.ask types the arguments by the question
      case 'huntFacets':
        return yield* this.#facets(args as HuntQuestions['huntFacets']) // the same
    }
  }

  /** Drops what is held in memory: it may have been erased. */
  forget(): void {
    this.#chunks.forget()
  }

  *#rows({ query, now }: HuntQuestions['hunt']): StepsOfWork<Answer<'hunt'>> {
    const { scan, columnOf, progress } = this.#open(query, now)
    const limit = query.limit ?? ROWS_SHOWN
    const items: HuntRowWire[] = []
    for (;;) {
      const found = yield* scan.next(limit - items.length)
      if (found === undefined) break
      const { key, chunk, verdicts } = found
      let ids: readonly string[] | undefined
      for (let row = chunk.rows - 1; row >= 0; row--) {
        if (verdicts[row] !== PASSES) continue
        ids ??= this.#chunks.ids(key)
        items.push(rowOf(chunk, row, { id: ids[row] ?? '', columnOf }))
      }
    }
    return { items, ...progress() }
  }

  *#facets({ query, now }: HuntQuestions['huntFacets']): StepsOfWork<Answer<'huntFacets'>> {
    const fields = fieldsOf(query.fields)
    const { ask, scan, columnOf, placeOfField, progress } = this.#open(query, now)
    const counts = fields.map((field) => new FacetCount(field, placeOfField(field)))
    const times = new TimeCount()
    for (;;) {
      const found = yield* scan.next()
      if (found === undefined) break
      const { chunk, verdicts } = found
      for (const count of counts) count.add(chunk, verdicts, columnOf)
      times.add(chunk, verdicts, ask.clock)
    }
    const histogram = times.histogram({ from: secondsOf(ask.from), to: secondsOf(ask.to) })
    return {
      matched: times.matched,
      facets: counts.map((count) => {
        const facet = count.facet(query.top ?? VALUES_SHOWN)
        return { ...facet, values: [...facet.values] }
      }),
      ...(histogram === undefined ? {} : { histogram: histogramWire(histogram) }),
      ...progress(),
    }
  }

  #open(query: Query<'hunt'>, now: string): Opened {
    const { ask: asked, understood } = askOf(query, now)
    const ask = { ...asked, query: byPresentIds(asked.query, (id) => this.#incidents.find(id)?.id) }
    // What is recorded while the answer is on its way stands above where it began.
    const of = this.#chunks.count()
    let cases: Cases | undefined
    const columnOf = columnsOf({
      classOf: this.#sources.classOf,
      cases: () => (cases ??= readCases(this.#sources.incidents)),
    })
    const verdicts = verdictsOf(ask, columnOf)
    const text = new TextSearch(this.#sources.reader, ask.query)
    const scan = new HuntScan(this.#chunks, { verdicts, text, below: placeOf(query.cursor) })
    return {
      ask,
      scan,
      columnOf,
      placeOfField: (field) => {
        const at = verdicts.fields.findIndex((terms) => terms.field === field)
        return at === -1 ? undefined : at + 1
      },
      progress: () => this.#progress({ of, scan, text, areCasesCut: cases?.isCut ?? false, understood }),
    }
  }

  #progress({ of, scan, text, areCasesCut, understood }: Told): Omit<Answer<'hunt'>, 'items'> {
    return {
      scanned: scan.scanned,
      of,
      behind: Math.max(0, this.#sources.reader.size() - this.#sources.store.cursor),
      ...(text.isAsked ? { texts: { read: text.read, unread: text.unread } } : {}),
      areCasesCut,
      ...(scan.isWhole || scan.place === undefined ? {} : { nextCursor: cursorOf(scan.place) }),
      understood,
    }
  }
}

type Told = {
  readonly of: number
  readonly scan: HuntScan
  readonly text: TextSearch
  readonly areCasesCut: boolean
  readonly understood: UnderstoodWindow
}

function rowOf(
  chunk: Chunk,
  row: number,
  { id, columnOf }: { readonly id: string; readonly columnOf: ColumnOf },
): HuntRowWire {
  const values: Record<string, string> = {}
  let agentName = ''
  for (const field of HUNT_FIELDS) {
    const { names, codes } = columnOf(chunk, field)
    const name = names[(codes[row] ?? 0) - 1]
    if (name === undefined || name === '') continue
    const [value = '', label] = name.split('\n')
    values[field] = value
    if (field === 'agent') agentName = label ?? value
  }
  const { names, codes } = chunk.labels
  return {
    id,
    entry: chunk.entries[row] ?? 0,
    claimedAt: timeText(chunk.claimedSeconds[row], chunk.claimedNanos[row]),
    recordedAt: timeText(chunk.recordedSeconds[row], chunk.recordedNanos[row]),
    label: names[(codes[row] ?? 0) - 1] ?? '',
    agentName,
    values,
  }
}

function timeText(seconds = 0, nanos = 0): string {
  return (BigInt(seconds) * 1_000_000_000n + BigInt(nanos)).toString()
}

const FIELDS: ReadonlySet<string> = new Set(HUNT_FIELDS)

function fieldsOf(text: string | undefined): readonly HuntField[] {
  if (text === undefined) return HUNT_FIELDS
  return text.split(',').map((name) => {
    if (!FIELDS.has(name)) throw new QuestionError(400, `fields: no field "${name}"`)
    return name as HuntField // the set holds nothing else
  })
}

function secondsOf(time: UnixNano | undefined): number | undefined {
  return time === undefined ? undefined : Number(time) / 1e9
}

function histogramWire({ from, to, bars, untimed }: Histogram): Answer<'huntFacets'>['histogram'] {
  return { from: instantText(from), to: instantText(to), bars: [...bars], untimed }
}

/** To the microsecond, which is what seconds as a number hold. */
function instantText(seconds: number): string {
  return formatRfc3339(parseUnixNano(BigInt(Math.round(seconds * 1e6)) * 1000n) ?? (0n as UnixNano)) // 0 is a time
}
