import { counted } from '@holdfast/model'
import type { DriftChangeWire, DriftRowWire, DriftWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { isNotFound, openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import { instantOf } from '../../instant.ts'
import type { DriftListFlags, DriftShowFlags, DriftVerdictFlags, GivenVerdict } from './command.ts'

/** Prints the two lanes of an agent; ends with 0 whatever they hold. */
export async function driftShow(this: CliContext, flags: DriftShowFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const { id } = await resolveAgent(api, name)
  const query = {
    ...(flags.days === undefined ? {} : { days: flags.days }),
    ...(flags.at === undefined ? {} : { at: instantOf('at', flags.at, Date.now()) }),
  }
  const report = await api.call('getDrift', { params: { agent: id }, query }).catch(nothingHeard)
  if (format !== 'table' && format !== 'wide') {
    printList(this, { format, columns, rows: [...report.evolution, ...report.risky], document: report })
    return
  }
  this.stdout.write(lanesText(report, paintOf(this)))
  if (report.clocks.some((clock) => clock !== 'live')) say(this, `clock: ${report.clocks.join(', ')}`)
  if (report.profile.unsettled.length > 0)
    say(this, `never settled, so nothing new is judged in: ${report.profile.unsettled.join(', ')}`)
  if (report.cut > 0)
    say(
      this,
      `${counted(report.cut, 'execution or change is', 'executions or changes are')} beyond a bound and not told`,
    )
}

/** Prints who drifted, of all agents: pages are in order by themselves only. */
export async function driftList(this: CliContext, flags: DriftListFlags): Promise<void> {
  const api = openApi(this, flags)
  const rows: DriftRowWire[] = []
  for (let [offset, total] = [0, 1]; offset < total; offset += PAGE_AGENTS) {
    const page = await api.call('listDrift', { params: {}, query: { offset, limit: PAGE_AGENTS } })
    rows.push(...page.items)
    total = page.total
  }
  const items = rows.toSorted(byUrgency)
  const document = { items, total: items.length }
  printList(this, { format: formatOf(flags, 'table'), columns: rowColumns, rows: items, document })
}

/** As many as the API gives at once. */
const PAGE_AGENTS = 100

/** As the server puts them within a page. */
function byUrgency({ risky: a }: DriftRowWire, { risky: b }: DriftRowWire): number {
  return b.high - a.high || b.medium - a.medium || b.low - a.low
}

/** Puts a person's verdict on record. */
export async function driftVerdict(
  this: CliContext,
  flags: DriftVerdictFlags,
  name: string,
  change: string,
  verdict: GivenVerdict,
): Promise<void> {
  const api = openApi(this, flags)
  const { id } = await resolveAgent(api, name)
  const given = await api.call('decideDrift', {
    params: { agent: id, change },
    query: {},
    body: { verdict, reason: flags.reason },
  })
  printList(this, {
    format: formatOf(flags, 'table'),
    columns: [{ title: 'ENTRY', value: ({ entry }: typeof given) => `${entry}` }],
    rows: [given],
    document: given,
  })
}

function nothingHeard(fault: unknown): never {
  if (!isNotFound(fault)) throw fault
  throw new CliError('not-found', 'no behaviour of this agent that a clock dates was observed yet', {
    cause: fault,
    remedy: 'drift is judged against a profile of 14 days; recordings without times of their own give none',
  })
}

function lanesText(report: DriftWire, paint: Paint): string {
  const { profile, state } = report
  const judged =
    profile.judgedFrom === undefined
      ? `learning: ${profile.days} of 14 days`
      : `${counted(profile.executions, 'execution')} on ${counted(profile.days, 'day')}, judged from ${profile.judgedFrom}`
  const silent = report.silent.map(({ date, tier }) => `  ${date}  nothing was ${WORDS[tier]}\n`).join('')
  return [
    `${inert(report.name)}  ${state === 'quiet' ? paint.good(state) : state === 'risky' ? paint.bad(state) : paint.warn(state)}\n`,
    `${report.from.slice(0, 10)} to ${report.asOf.slice(0, 10)}; ${judged}\n`,
    `\n${paint.warn(`EVOLUTION (${report.evolution.length})`)}\n${lane(report.evolution, paint)}`,
    `\n${paint.bad(`RISKY (${report.risky.length})`)}\n${lane(report.risky, paint)}`,
    report.silent.length === 0 ? '' : `\n${paint.warn('Silent: a gap, and no quiet day')}\n${silent}`,
    `\n${report.changes.length} recorded changes, ${report.churn} replicas and restarts that explain nothing\n`,
  ].join('')
}

const WORDS = {
  kernel: 'seen by the kernel',
  provider: 'told by a provider',
  boundary: 'seen by a proxy',
  'self-reported': 'told by the agent',
} as const

function lane(changes: readonly DriftChangeWire[], paint: Paint): string {
  if (changes.length === 0) return '  none\n'
  return changes.map((change) => changeText(change, paint)).join('')
}

function changeText(change: DriftChangeWire, paint: Paint): string {
  const { signals, severity } = change
  const mark = (letter: string, holds: boolean): string => (holds ? paint.good(`${letter}1`) : paint.bad(`${letter}0`))
  const row = `${mark('D', signals.deployment.holds)} ${mark('P', signals.continuity.holds)} ${mark('B', signals.bounds.holds)}`
  const grave = severity === 'none' ? '' : ` ${severity === 'high' ? paint.bad(severity) : severity}`
  const times = change.times === 1 ? '' : `, ${change.times} times`
  return [
    `  ${change.at.slice(0, 16).replace('T', ' ')}  ${row}  ${change.verdict}${grave}  ${inert(change.what)}${times}\n`,
    `      id ${change.id}; ${inert(change.handling)}${change.incident === undefined ? '' : `; incident ${inert(change.incident)}`}\n`,
    `      D ${inert(signals.deployment.reason)}${change.change === undefined ? '' : ` [event ${inert(change.change.event)}]`}\n`,
    ...(signals.continuity.holds ? [] : [`      P ${inert(signals.continuity.reason)}\n`]),
    ...(signals.bounds.holds ? [] : [`      B ${inert(signals.bounds.reason)}\n`]),
    ...(change.decision === undefined
      ? []
      : [`      ${change.decision.verdict} by ${inert(change.decision.by)}: ${inert(change.decision.reason)}\n`]),
  ].join('')
}

const columns: readonly Column<DriftChangeWire>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'SIDE', value: ({ side }) => side },
  { title: 'SEVERITY', value: ({ severity }) => severity },
  { title: 'AT', value: ({ at }) => at },
  { title: 'SUBJECT', value: ({ subject }) => subject },
  { title: 'VERDICT', value: ({ verdict }) => verdict },
  { title: 'DEPLOYMENT', value: ({ signals }) => `${signals.deployment.holds}` },
  { title: 'CONTINUITY', value: ({ signals }) => `${signals.continuity.holds}` },
  { title: 'BOUNDS', value: ({ signals }) => `${signals.bounds.holds}` },
  { title: 'EVENT', value: ({ change }) => change?.event ?? '' },
  { title: 'WHAT', value: ({ what }) => what },
]

const rowColumns: readonly Column<DriftRowWire>[] = [
  { title: 'AGENT', value: ({ name }) => name },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'HIGH', value: ({ risky }) => `${risky.high}` },
  { title: 'MEDIUM', value: ({ risky }) => `${risky.medium}` },
  { title: 'LOW', value: ({ risky }) => `${risky.low}` },
  { title: 'EVOLUTION', value: ({ evolution }) => `${evolution}` },
  { title: 'FIRST', value: ({ first }) => first ?? '' },
]
