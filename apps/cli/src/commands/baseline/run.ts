import { counted, type ProfileDimension } from '@holdfast/model'
import type { Answer, BaselineWire, Body, ObservedAgent, ProfileEntryWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { LIST_ROWS } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { isNotFound, openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import { instantOf } from '../../instant.ts'
import type {
  EntriesFlags,
  ListFlags,
  MarkFlags,
  PromoteFlags,
  ReasonFlags,
  RebuildFlags,
  RestoreFlags,
  ShowFlags,
} from './command.ts'
import type { FIELDS } from './parse.ts'

type Series = BaselineWire['dimensions'][number]
type Day = Series['days'][number]

/** Prints the verdict and how each dimension stands; as CSV the daily series, which is what the chart draws. */
export async function baselineShow(this: CliContext, flags: ShowFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const baseline = await api.call('getBaseline', { params: { agent: agent.id }, query: atOf(flags) }).catch(noProfile)
  if (format !== 'table' && format !== 'wide') {
    const rows = baseline.dimensions.flatMap(({ dimension, days }) => days.map((day) => ({ dimension, ...day })))
    printList(this, { format, columns: dayColumns, rows, document: baseline })
    return
  }
  printList(this, { format, columns: dimensionColumns, rows: baseline.dimensions })
  say(this, `${inert(baseline.name)}: ${baseline.verdict}`)
  say(this, `class ${baseline.class}; track ${baseline.track.track}: ${inert(baseline.track.reasons.join('; '))}`)
  if (baseline.clocks.some((clock) => clock !== 'live')) say(this, `clock: ${baseline.clocks.join(', ')}`)
  if (baseline.partial !== undefined)
    say(this, `${paintOf(this).bad('partial')}: ${baseline.partial}; nothing may be enforced from it`)
  if (baseline.mode !== undefined) say(this, `mode ${inert(baseline.mode.mode)}: ${inert(baseline.mode.reason)}`)
  for (const { markId, mark, state, reason } of baseline.marks)
    say(this, `${mark} ${state}, ${inert(markId)}: ${inert(reason)}`)
}

/** The agent is known, for its name was found: what there is none of is behaviour. */
function noProfile(fault: unknown): never {
  if (!isNotFound(fault)) throw fault
  throw new CliError('not-found', 'nothing of this agent’s behaviour was observed yet', {
    cause: fault,
    remedy: 'a profile is built from tool calls, model calls, requests and what the kernel sees',
  })
}

/** Prints entries with their age. */
export async function baselineEntries(this: CliContext, flags: EntriesFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const { dimension, state } = flags
  const isTable = format === 'table' || format === 'wide'
  const most = flags.limit ?? (isTable ? LIST_ROWS : Infinity)
  const items: ProfileEntryWire[] = []
  let total = 0
  do {
    const query = {
      ...atOf(flags),
      ...(dimension === undefined ? {} : { dimension }),
      ...(state === undefined ? {} : { state }),
      offset: items.length,
      limit: Math.min(1_000, most - items.length),
    }
    const page = await api.call('listProfileEntries', { params: { agent: agent.id }, query }).catch(noProfile)
    total = page.total
    items.push(...page.items)
    if (page.items.length === 0) break
  } while (items.length < Math.min(total, most))
  printList(this, { format, columns: entryColumns, rows: items })
  if (isTable) say(this, items.length < total ? `first ${items.length} of ${total}` : `${total} of ${total}`)
}

/** Prints what proves one entry. */
export async function baselineProofs(
  this: CliContext,
  flags: ListFlags,
  name: string,
  dimension: ProfileDimension,
  key: string,
): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const { items, nextAfter } = await api.call('listProfileProofs', {
    params: { agent: agent.id },
    query: { dimension, key },
  })
  printList(this, { format, columns: proofColumns, rows: items })
  if (nextAfter !== undefined) say(this, `the first ${items.length}; more follow log entry ${nextAfter}`)
}

/** Excludes a window or log positions. */
export async function baselineMark(this: CliContext, flags: MarkFlags, name: string): Promise<void> {
  const { from, to, positions, reason } = flags
  const now = Date.now()
  await record(this, flags, name, {
    mark: 'contaminated',
    ...(from === undefined ? {} : { from: instantOf('from', from, now) }),
    ...(to === undefined ? {} : { to: instantOf('to', to, now) }),
    ...(positions === undefined
      ? {}
      : { positions: positions.map(([first, last]): [number, number] => [first, last]) }),
    reason,
  })
}

/** Takes a mark back. */
export async function baselineLift(this: CliContext, flags: ReasonFlags, name: string, markId: string): Promise<void> {
  await record(this, flags, name, { mark: 'lifted', markId, reason: flags.reason })
}

/** Starts a profile over. */
export async function baselineRebuild(this: CliContext, flags: RebuildFlags, name: string): Promise<void> {
  const from = instantOf('from', flags.from ?? '0s', Date.now())
  const { fromStaging, reason } = flags
  if (fromStaging !== undefined) {
    const api = openApi(this, flags)
    const [agent, staging] = [await resolveAgent(api, name), await resolveAgent(api, fromStaging)]
    const body = { staging: staging.id, reason, ...(flags.from === undefined ? {} : { at: from }) }
    const version = await api.call('rebuildBaseline', { params: { agent: agent.id }, body })
    printList(this, { format: formatOf(flags, 'table'), columns: versionColumns, rows: [version], document: version })
    return
  }
  await record(this, flags, name, { mark: 'rebuild', from, reason: flags.reason })
}

/** Brings a profile back as it was; the server refuses one that saw an incident. */
export async function baselineRestore(this: CliContext, flags: RestoreFlags, name: string): Promise<void> {
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const body = { at: instantOf('at', flags.at, Date.now()), reason: flags.reason }
  const version = await api.call('restoreBaseline', { params: { agent: agent.id }, body })
  printList(this, { format: formatOf(flags, 'table'), columns: versionColumns, rows: [version], document: version })
}

/** Promotes a staging profile; the server refuses while anything declared is missing. */
export async function baselinePromote(this: CliContext, flags: PromoteFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const [agent, staging] = [await resolveAgent(api, name), await resolveAgent(api, flags.from)]
  const parity = await api.call('promoteProfile', {
    params: { agent: agent.id },
    body: { staging: staging.id, reason: flags.reason },
  })
  printList(this, { format, columns: parityColumns, rows: [parity], document: parity })
}

/** States a fact of an agent. */
export async function baselineState(
  this: CliContext,
  flags: ReasonFlags,
  field: (typeof FIELDS)[number],
  value: string,
  name: string,
): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const body = { field, value, reason: flags.reason }
  const stated = await api.call('stateAgent', { params: { agent: agent.id }, body })
  const row = { agent: agent.id, field, value, entry: stated.entry }
  printList(this, { format, columns: statementColumns, rows: [row], document: row })
}

/** Prints who is under observation. */
export async function baselineObserving(this: CliContext, flags: ListFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const answer = await openApi(this, flags).call('listObserved', {})
  printList(this, { format, columns: observedColumns, rows: answer.items })
  if (format === 'table' || format === 'wide')
    say(this, `${answer.items.length} of ${counted(answer.agents, 'agent')} are under observation`)
}

async function record(context: CliContext, flags: ReasonFlags, name: string, body: Body<'markProfile'>): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(context, flags)
  const agent = await resolveAgent(api, name)
  const { markId, entry } = await api.call('markProfile', { params: { agent: agent.id }, body })
  const row = { agent: agent.id, mark: body.mark, markId, entry }
  printList(context, { format, columns: markColumns, rows: [row], document: row })
}

function atOf(flags: { readonly at?: string }): { readonly at?: string } {
  return flags.at === undefined ? {} : { at: instantOf('at', flags.at, Date.now()) }
}

const versionColumns: readonly Column<Answer<'restoreBaseline'>>[] = [
  { title: 'VERSION', value: ({ version }) => version },
  { title: 'FROM', value: ({ origin }) => origin },
  { title: 'OBSERVED UNTIL (UTC)', value: ({ observedUntil }) => observedUntil },
  { title: 'MODE', value: ({ mode }) => mode },
]

const dimensionColumns: readonly Column<Series>[] = [
  { title: 'DIMENSION', value: ({ dimension }) => dimension },
  { title: 'CONVERGED', value: ({ converged, since }) => (converged ? (since ?? 'yes') : 'no') },
  { title: 'OBSERVATIONS', value: ({ observations }) => observations, align: 'right' },
  { title: 'ENTRIES', value: ({ entries }) => entries, align: 'right' },
  { title: 'DAYS', value: ({ days }) => days.length, align: 'right' },
  { title: 'NEW', value: ({ days }) => days.at(-1)?.novelty.toFixed(4), align: 'right' },
  { title: 'DISTANCE', value: ({ days }) => days.at(-1)?.distance.toFixed(4), align: 'right' },
  { title: 'SPREAD', value: ({ days }) => days.at(-1)?.spread?.toFixed(5), align: 'right' },
  { title: 'VERDICT', value: ({ verdict }) => verdict, widest: 90 },
]

const dayColumns: readonly Column<Day & { readonly dimension: string }>[] = [
  { title: 'DIMENSION', value: ({ dimension }) => dimension },
  { title: 'DATE', value: ({ date }) => date },
  { title: 'OBSERVATIONS', value: ({ observations }) => observations },
  { title: 'ENTRIES', value: ({ entries }) => entries },
  { title: 'FRESH', value: ({ fresh }) => fresh },
  { title: 'NOVELTY', value: ({ novelty }) => novelty },
  { title: 'DISTANCE', value: ({ distance }) => distance },
  { title: 'SPREAD', value: ({ spread }) => spread },
  { title: 'WITHIN', value: ({ within }) => String(within) },
  { title: 'RUN', value: ({ run }) => run },
]

const entryColumns: readonly Column<ProfileEntryWire>[] = [
  { title: 'DIMENSION', value: ({ dimension }) => dimension },
  { title: 'ENTRY', value: ({ key }) => key },
  { title: 'SEEN', value: ({ count }) => count, align: 'right' },
  { title: 'DAYS', value: ({ daysSeen }) => daysSeen, align: 'right' },
  {
    title: 'STATE',
    value: ({ state, thin, isNew }) => [state, ...(thin ? ['thin'] : []), ...(isNew ? ['new'] : [])].join(' '),
  },
  { title: 'RECENCY', value: ({ recency }) => recency.toFixed(3), align: 'right' },
  { title: 'FIRST (UTC)', value: ({ first }) => first, isWide: true },
  { title: 'LAST (UTC)', value: ({ last }) => last },
]

const proofColumns: readonly Column<{
  readonly entry: number
  readonly claimedAt: string
  readonly events: readonly string[]
}>[] = [
  { title: 'LOG ENTRY', value: ({ entry }) => entry, align: 'right' },
  { title: 'CLAIMED (UTC)', value: ({ claimedAt }) => claimedAt },
  { title: 'EVENTS', value: ({ events }) => events.join(' '), widest: 120 },
]

const markColumns: readonly Column<{
  readonly agent: string
  readonly mark: string
  readonly markId: string
  readonly entry: number
}>[] = [
  { title: 'AGENT', value: ({ agent }) => agent },
  { title: 'MARK', value: ({ mark }) => mark },
  { title: 'ID', value: ({ markId }) => markId },
  { title: 'LOG ENTRY', value: ({ entry }) => entry, align: 'right' },
]

const statementColumns: readonly Column<{
  readonly agent: string
  readonly field: string
  readonly value: string
  readonly entry: number
}>[] = [
  { title: 'AGENT', value: ({ agent }) => agent },
  { title: 'FIELD', value: ({ field }) => field },
  { title: 'VALUE', value: ({ value }) => value },
  { title: 'LOG ENTRY', value: ({ entry }) => entry, align: 'right' },
]

const parityColumns: readonly Column<{
  readonly agent: string
  readonly staging: string
  readonly declaredTools: number
  readonly declaredDestinations: number
  readonly reason: string
}>[] = [
  { title: 'AGENT', value: ({ agent }) => agent },
  { title: 'STAGING', value: ({ staging }) => staging },
  { title: 'TOOLS', value: ({ declaredTools }) => declaredTools, align: 'right' },
  { title: 'DESTINATIONS', value: ({ declaredDestinations }) => declaredDestinations, align: 'right' },
  { title: 'RESULT', value: ({ reason }) => reason },
]

const observedColumns: readonly Column<ObservedAgent>[] = [
  { title: 'NAME', value: ({ name }) => name, paint: (row, text, paint) => paint.agent(row.agent, text) },
  { title: 'CLASS', value: (row) => row.class },
  { title: 'TRACK', value: ({ track }) => track.track, align: 'right' },
  { title: 'DATA CLASSES', value: ({ track }) => track.dataClasses?.join(' ') ?? 'not stated' },
  { title: 'HOURS', value: ({ elapsedHours }) => elapsedHours, align: 'right' },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'CLOCKS', value: ({ clocks }) => clocks.join(' ') },
  { title: 'SINCE (UTC)', value: ({ since }) => since },
  { title: 'VERDICT', value: ({ verdict }) => verdict, isWide: true },
  { title: 'WHY', value: ({ track }) => [...track.reasons, ...track.obstacles].join('; '), isWide: true },
]
