import type { IncidentWire, RecoveringAgent } from '@holdfast/api'
import { formatRfc3339, parseRfc3339, type UnixNano } from '@holdfast/model'
import { normalise } from '@holdfast/capture'
import type { LogReader } from '@holdfast/recorder'
import { type Baseline, type Contamination, restoreObstacle } from '@holdfast/respond'
import { grantFigures } from './grant-figures.ts'
import { recurrencesOf } from './recurrence.ts'
import type { AboutStatements } from '../response/statements.ts'
import type { AgentView } from './agent-view.ts'

export type RecoveringQuestion = {
  readonly agent: string
  readonly name: string
  readonly incident: Pick<IncidentWire, 'type' | 'columns'>
  readonly view: AgentView
  /** The same of another agent: of the one that stands in for it in staging. */
  readonly viewOf: (agent: string) => AgentView
  readonly statements: AboutStatements
  readonly contaminations: readonly Contamination[]
  /** The same, or, where nobody marked it, from when on it saw the incident. */
  readonly seen: readonly Contamination[]
  readonly reader: Pick<LogReader, 'entry'>
  readonly clock: () => UnixNano
}

/** How far one agent has come back. What was not stated or is not known is left out: absent is never good news. */
export async function recoveringAgent(question: RecoveringQuestion): Promise<RecoveringAgent> {
  const { agent, name, view, statements, contaminations } = question
  const baseline = await view.baseline()
  const span = baseline === undefined ? undefined : spanOf(baseline)
  const own = contaminations.filter(({ profile }) => profile === agent)
  const first = own.toSorted((a, b) => (a.since < b.since ? -1 : 1))[0]
  const mode = modeOf(question)
  return {
    agent,
    name,
    ...(baseline === undefined || span === undefined ? {} : { profile: { ...span, status: baseline.status } }),
    ...(first === undefined
      ? {}
      : {
          contaminated: {
            since: formatRfc3339(first.since),
            ...(first.until === undefined ? {} : { until: formatRfc3339(first.until) }),
          },
        }),
    restore: restoreOf(question, span),
    ...(mode === undefined ? {} : { mode: { ...mode, at: formatRfc3339(mode.at) } }),
    ...(await stagingOf(question)),
    ...(await sinceReturn(question, mode)),
    ...(await buildOf(view, statements)),
    ...(await grantsOf(question)),
  }
}

type Span = { readonly observedFrom: string; readonly observedUntil: string }

function spanOf({ firstDay, asOf }: { readonly firstDay?: string | undefined; readonly asOf: string }): Span {
  return { observedFrom: firstDay === undefined ? asOf : `${firstDay}T00:00:00Z`, observedUntil: asOf }
}

function restoreOf({ agent, seen }: RecoveringQuestion, span: Span | undefined): RecoveringAgent['restore'] {
  if (span === undefined) return { allowed: false, why: 'nothing of its behaviour was observed' }
  const why = restoreObstacle(productionOf(agent, span), seen)
  return why === undefined ? { allowed: true, why: 'it saw no incident' } : { allowed: false, why }
}

/** The profile of an agent as it was observed up to a time; it comes back in monitoring. */
export function productionOf(agent: string, { observedFrom, observedUntil }: Span): Baseline {
  const until = parseRfc3339(observedUntil) ?? (0n as UnixNano) // 0 is a time
  return {
    profile: agent,
    version: observedUntil,
    origin: 'production',
    observedFrom: parseRfc3339(observedFrom) ?? until,
    observedUntil: until,
    parity: 'not-run',
    mode: 'monitoring',
  }
}

type Mode = { readonly mode: string; readonly by: string; readonly at: UnixNano; readonly entry: number }

/** In which mode it runs, and since when by our clock. */
function modeOf({ statements, reader }: RecoveringQuestion): Mode | undefined {
  const { mode } = statements
  const recorded = mode === undefined ? undefined : reader.entry(mode.entry)?.recordedAt
  return mode === undefined || recorded === undefined
    ? undefined
    : { mode: mode.value, by: mode.by, at: recorded, entry: mode.entry }
}

/** The profile that it came back on, as it stands now: a parity gate that passed once may miss what was declared since. */
async function stagingOf({
  view,
  viewOf,
  statements: { parity },
}: RecoveringQuestion): Promise<Pick<RecoveringAgent, 'staging'>> {
  const found = parity === undefined ? undefined : await view.parity(parity.value)
  if (parity === undefined || found === undefined) return {}
  const baseline = await viewOf(parity.value).baseline()
  return {
    staging: {
      agent: parity.value,
      parity: found.passed ? 'passed' : 'refused',
      reason: found.reason,
      status: baseline?.status ?? 'not-observed',
    },
  }
}

const HOUR_NANOS = 3_600_000_000_000n

/** Hours in monitoring and what came back in them: by our clock for what lives, by its own for a history. */
async function sinceReturn(
  { view, incident, reader, clock }: RecoveringQuestion,
  mode: Mode | undefined,
): Promise<Pick<RecoveringAgent, 'monitoredHours' | 'recurrences' | 'recurred'>> {
  if (mode === undefined || mode.mode !== 'monitoring') return {}
  const baseline = await view.baseline()
  const begun = baseline?.marks.findLast(({ mark, state }) => mark === 'rebuild' && state === 'active')
  const rebuilt = begun?.from === undefined ? undefined : parseRfc3339(begun.from)
  const isLive = baseline === undefined || baseline.clocks.includes('live')
  // What an agent claims must not make its own watch shorter.
  const [since, until] = isLive ? [mode.at, clock()] : [rebuilt ?? mode.at, parseRfc3339(baseline.asOf) ?? mode.at]
  const rows = await view.incidents(incident.type)
  return {
    monitoredHours: until > since ? Number((until - since) / HOUR_NANOS) : 0,
    ...recurrencesOf(rows, { entry: mode.entry, rebuilt, isLive }, reader),
  }
}

/** Digest of an image by its own words: `sha256:` and hex, or a name with it behind an `@`. */
const DIGEST = /(?:^|@)(?:sha256:)?([\da-f]{64})$/i

async function buildOf(view: AgentView, { build }: AboutStatements): Promise<Pick<RecoveringAgent, 'build'>> {
  if (build === undefined) return {}
  const bom = await view.bom()
  const images = (bom?.categories ?? [])
    .flatMap(({ rows }) => rows)
    .filter(({ kind, loaded }) => kind === 'image' && loaded !== undefined)
  const running = images.flatMap(({ name, version, digest }) =>
    [digest, version, name].flatMap((text) => DIGEST.exec(text ?? '')?.[1]?.toLowerCase() ?? []).slice(0, 1),
  )
  const stated = DIGEST.exec(build.value)?.[1]?.toLowerCase() ?? build.value
  // One that runs without a digest is none that anybody built for certain.
  const matches = running.length > 0 && running.length === images.length && running.every((one) => one === stated)
  return { build: { stated, running: [...new Set(running)], matches } }
}

async function grantsOf({
  agent,
  view,
  incident,
  contaminations,
  reader,
}: RecoveringQuestion): Promise<Pick<RecoveringAgent, 'grants'>> {
  const scope = await view.scope()
  const named = new Set(incident.columns.flatMap((column) => column.for.flatMap(({ entries }) => entries)))
  const marks = contaminations.filter(({ profile }) => profile === agent)
  // Signals name the first of their acts; what was marked as tainted counts for nothing that the agent rightly does.
  const isOwn = (position: number): boolean => named.has(position) || isTainted(reader.entry(position), marks)
  const grants = scope === undefined ? undefined : grantFigures(scope, isOwn)
  return grants === undefined ? {} : { grants }
}

const SECOND_NANOS = 1_000_000_000n

/** True where all that an entry says was claimed within what is marked. */
function isTainted(entry: ReturnType<RecoveringQuestion['reader']['entry']>, marks: readonly Contamination[]): boolean {
  const events = entry === undefined ? [] : normalise(entry).events
  // Clouds tell whole seconds: what came after the mark may be told as of a moment before it.
  const isWithin = (at: UnixNano): boolean =>
    marks.some(({ since, until }) => at >= since - (since % SECOND_NANOS) && (until === undefined || at < until))
  return events.length > 0 && events.every(({ claimedAt }) => isWithin(claimedAt))
}
