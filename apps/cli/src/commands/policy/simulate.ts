import { counted } from '@holdfast/model'
import type { Answer, Body, SimulatedWire } from '@holdfast/api'
import { setTimeout as wait } from 'node:timers/promises'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi, type Api } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { ReportFlags, SimulateFlags, WindowFlags } from './command.ts'
import { findArtifact } from './find-artifact.ts'
import { groupOf, printRollouts } from './steps.ts'

/** How often the server is asked how far it is. */
const LOOK_MS = 250
/** How often a person is told. */
const TELL_MS = 2_000

/** Replays a window against the policies of an agent. */
export async function policySimulate(this: CliContext, flags: SimulateFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const { id } = await resolveAgent(api, name)
  const given = flags.artifact
  const artifacts = given === undefined ? undefined : await Promise.all(given.map((one) => findArtifact(api, one)))
  const result = await replayed(this, api, {
    agent: id,
    ...(flags.kind === undefined ? {} : { kinds: [...flags.kind] }),
    ...(artifacts === undefined ? {} : { artifacts }),
    ...windowOf(flags),
  })
  if (format !== 'table' && format !== 'wide')
    return printList(this, { format, columns: DENIALS, rows: result.denials, document: result })
  this.stdout.write(summaryText(result))
  if (result.denied === 0) return
  this.stdout.write(`\n${paintOf(this).warn('Lines that would stop something')}\n`)
  printList(this, { format, columns: BY_LINE, rows: result.byLine })
  const refusals = refusalsOf(result)
  const rows = result.denials.slice(0, ACTS_SHOWN)
  this.stdout.write(`\n${paintOf(this).warn(refusalsTitle(result.denied, refusals))}\n`)
  printList(this, { format, columns: DENIALS, rows })
  if (refusals > rows.length)
    say(this, `the first ${rows.length} of ${counted(refusals, 'refusal')}: --json lists up to 500`)
}

/** Measures what a group would lose, and puts it on record. */
export async function rolloutReport(this: CliContext, flags: ReportFlags): Promise<void> {
  const api = openApi(this, flags)
  const group = await groupOf(api, flags)
  const simulation = await ended(this, api, { group, ...windowOf(flags) })
  const body = {
    step: 'report',
    group,
    simulation: simulation.id,
    reason: flags.reason,
    ...(flags.acceptShortWindow ? { acceptShortWindow: true } : {}),
  } as const
  printRollouts(this, flags, await api.call('stepRollout', { body }))
}

const ACTS_SHOWN = 40

function windowOf({ from, to, days }: WindowFlags): Pick<Body<'simulatePolicy'>, 'from' | 'to' | 'days'> {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(days === undefined ? {} : { days }),
  }
}

async function replayed(context: CliContext, api: Api, body: Body<'simulatePolicy'>): Promise<SimulatedWire> {
  const { result } = await ended(context, api, body)
  if (result === undefined) throw new CliError('fault', 'the simulation ended without a result')
  return result
}

/** Waits for the simulation, and says how far it is. */
async function ended(context: CliContext, api: Api, body: Body<'simulatePolicy'>): Promise<Answer<'getSimulation'>> {
  const { id } = await api.call('simulatePolicy', { body })
  for (let waited = 0; ; waited += LOOK_MS) {
    const simulation = await api.call('getSimulation', { params: { simulation: id } })
    const { state, read, total, failure = 'the simulation failed' } = simulation
    if (state === 'failed') throw new CliError('fault', failure)
    if (state === 'done') return simulation
    if (waited > 0 && waited % TELL_MS === 0) say(context, `${state}: ${read} of ${counted(total, 'record')}`)
    await wait(LOOK_MS)
  }
}

function summaryText(result: SimulatedWire): string {
  const { from, to, events, judged, denied, conversations, affectedConversations, toolCalls, affectedToolCalls } =
    result
  const layers = result.artifacts.map(
    ({ kind, agent, judged: acts, denied: stopped }) =>
      `  ${kind} of ${inert(agent)}: ${stopped} of ${counted(acts, 'act')}\n`,
  )
  return [
    `${from} to ${to}: ${counted(events, 'event')}\n`,
    `would stop ${denied} of ${counted(judged, 'act')}, in ${affectedConversations} of ${counted(conversations, 'conversation')} and ${affectedToolCalls} of ${toolCalls} tool calls\n`,
    ...layers,
  ].join('')
}

/** One for each policy that would stop an act: an act that two layers refuse is stopped once, and refused twice. */
function refusalsOf({ artifacts }: Pick<SimulatedWire, 'artifacts'>): number {
  return artifacts.reduce((sum, { denied }) => sum + denied, 0)
}

/** What the rows are, beside a count of acts. */
export function refusalsTitle(denied: number, refusals: number): string {
  if (refusals === denied) return denied === 1 ? 'The act' : `The ${denied} acts`
  return `${counted(refusals, 'refusal')} of ${denied === 1 ? 'the act' : `the ${denied} acts`}: one for each policy that would stop it`
}

const BY_LINE: readonly Column<SimulatedWire['byLine'][number]>[] = [
  { title: 'REFUSALS', value: ({ count }) => count, align: 'right' },
  { title: 'LAYER', value: ({ kind }) => kind },
  { title: 'LINE', value: ({ what }) => what, widest: 60 },
  { title: 'POINTER', value: ({ pointer }) => pointer },
]

const DENIALS: readonly Column<SimulatedWire['denials'][number]>[] = [
  { title: 'AT (UTC)', value: ({ at }) => at },
  { title: 'LAYER', value: ({ kind }) => kind },
  { title: 'ACT', value: ({ what }) => what, widest: 50 },
  { title: 'LINE', value: ({ line, pointer }) => line ?? pointer, widest: 40 },
  { title: 'TOOL', value: ({ tool }) => tool, widest: 24 },
  { title: 'CONVERSATION', value: ({ conversation }) => conversation, widest: 36 },
  { title: 'EVENT', value: ({ event }) => event, isWide: true },
]
