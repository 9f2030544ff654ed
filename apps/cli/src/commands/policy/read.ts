import { ours } from '../../called-as.ts'
import type { AgentPoliciesWire, ExplainedLineWire, PolicyArtifactWire, VerifiedWire } from '@holdfast/api'
import { counted, shellWord } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi, type Api } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import { becauseOf } from './because.ts'
import type { ExplainFlags, PolicyFlags, VerifyFlags } from './command.ts'
import { findArtifact } from './find-artifact.ts'

/** Lists agents with their stage and their policies. */
export async function policyList(this: CliContext, flags: PolicyFlags): Promise<void> {
  const document = await openApi(this, flags).call('listPolicies', { query: {} })
  printList(this, { format: formatOf(flags, 'table'), columns: AGENTS, rows: document.items, document })
  for (const { placed } of document.items.flatMap(({ artifacts }) => artifacts))
    for (const { target, differences } of placed)
      if (differences.length > 0)
        say(this, `${inert(target)} is not what was put there: ${inert(differences.join('; '))}`)
}

/** Shows one policy. */
export async function policyShow(this: CliContext, flags: PolicyFlags, given: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const artifact = await api.call('getPolicyArtifact', { params: { artifact: await findArtifact(api, given) } })
  if (format !== 'table' && format !== 'wide')
    return printList(this, { format, columns: LINES, rows: artifact.lines, document: artifact })
  this.stdout.write(headText(artifact))
  printList(this, { format, columns: LINES, rows: artifact.lines })
  const spots = artifact.blindSpots.map((spot) => `  ${inert(spot)}\n`).join('')
  this.stdout.write(
    `\n${paintOf(this).warn('What it cannot see or stop')}\n${spots === '' ? '  nothing is known\n' : spots}`,
  )
}

/** Lines with the events that they rest on. */
export async function policyExplain(
  this: CliContext,
  flags: ExplainFlags,
  name: string,
  pointer?: string,
): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const ids = flags.artifact === undefined ? await newest(api, flags, name) : [await findArtifact(api, flags.artifact)]
  const query = {
    ...(pointer === undefined ? {} : { pointer }),
    ...(flags.line === undefined ? {} : { line: flags.line }),
  }
  const document = []
  for (const artifact of ids) document.push(await api.call('explainPolicy', { params: { artifact }, query }))
  const rows = document.flatMap(({ lines }) => lines)
  printList(this, { format, columns: EXPLAINED, rows, document: document.length === 1 ? document[0] : document })
}

/** Looks up what every line rests on; ends with 1 where a line lost it. */
export async function policyVerify(this: CliContext, flags: VerifyFlags, name?: string): Promise<void> {
  const api = openApi(this, flags)
  const agent = name === undefined ? undefined : (await resolveAgent(api, name)).id
  const artifact = flags.artifact === undefined ? undefined : await findArtifact(api, flags.artifact)
  const body = { ...(agent === undefined ? {} : { agent }), ...(artifact === undefined ? {} : { artifact }) }
  const document = await api.call('verifyPolicies', { body })
  const rows = document.items.flatMap((item) => rowsOf(item))
  printList(this, { format: formatOf(flags, 'table'), columns: VERIFIED, rows, document })
  const lines = document.items.reduce((sum, item) => sum + item.lines, 0)
  const lost = document.items.reduce((sum, item) => sum + item.lost.length, 0)
  say(
    this,
    `${counted(document.items.length, 'policy', 'policies')}, ${counted(lines, 'line')}: ${lost} lost what they rest on`,
  )
  if (!document.passed) this.exit('check-failed')
}

async function newest(api: Api, { kind }: ExplainFlags, name: string): Promise<readonly string[]> {
  const { id } = await resolveAgent(api, name)
  const { items } = await api.call('listPolicies', { query: { agent: id } })
  const layers = new Map((items[0]?.artifacts ?? []).toReversed().map((one) => [one.kind, one.id]))
  const ids = [...layers]
    .filter(([layer]) => kind === undefined || kind.includes(layer))
    .map(([, artifact]) => artifact)
  if (ids.length === 0)
    throw new CliError('not-found', `${name} has no such policy`, {
      remedy: ours`holdfast policy generate ${shellWord(inert(name))}`,
    })
  return ids
}

function headText({ id, kind, agent, profile, validUntil, decisions, effective }: PolicyArtifactWire): string {
  const decided = Object.entries(decisions).map(([name, { value, chosenBy, reason }]) => {
    const who = chosenBy === 'default' ? 'by the class' : `by ${inert(chosenBy)}`
    return `  ${name.padEnd(12)} ${inert(value)}  ${who}: ${inert(reason)}\n`
  })
  return [
    `${kind} of ${inert(agent)}\n${id}\n`,
    `profile ${profile.digest.slice(0, 12)} as of ${profile.asOf}, ${counted(profile.days, 'day')}, ${counted(profile.observations, 'observation')}\n`,
    `valid until ${validUntil}\n${effective.narrows ? 'narrows' : 'narrows nothing'}: ${inert(effective.reason)}\n\n`,
    ...decided,
    '\n',
  ].join('')
}

type VerifiedRow = VerifiedWire['lost'][number] & { readonly of: VerifiedWire; readonly state: 'lost' | 'weakened' }

function rowsOf(item: VerifiedWire): readonly VerifiedRow[] {
  return [
    ...item.lost.map((row) => ({ ...row, of: item, state: 'lost' as const })),
    ...item.weakened.map((row) => ({ ...row, of: item, state: 'weakened' as const })),
  ]
}

const AGENTS: readonly Column<AgentPoliciesWire>[] = [
  { title: 'AGENT', value: ({ name }) => name, widest: 40 },
  { title: 'ID', value: ({ agent }) => agent, isWide: true },
  { title: 'CLASS', value: (agent) => agent.class },
  { title: 'STAGE', value: ({ stage }) => stage },
  {
    title: 'POLICIES',
    value: ({ artifacts }) => artifacts.map(({ kind, state }) => `${kind} ${state}`).join(', ') || undefined,
    widest: 80,
  },
  {
    title: 'WAITS FOR',
    value: ({ steps }) => steps.find(({ isReached }) => !isReached)?.evidence,
    widest: 80,
  },
]

const LINES: readonly Column<PolicyArtifactWire['lines'][number]>[] = [
  { title: 'EFFECT', value: ({ effect }) => effect },
  { title: 'WHAT', value: ({ what }) => what, widest: 60 },
  { title: 'BECAUSE', value: becauseOf },
  { title: 'REASON', value: (line) => line.reason, widest: 60 },
  { title: 'RESTS ON', value: ({ grounds }) => grounds.reduce((sum, { count }) => sum + count, 0), align: 'right' },
  { title: 'POINTER', value: ({ pointer }) => pointer, isWide: true },
]

const EXPLAINED: readonly Column<ExplainedLineWire>[] = [
  { title: 'LINE', value: ({ index }) => index, align: 'right' },
  { title: 'EFFECT', value: ({ effect }) => effect },
  { title: 'WHAT', value: ({ what }) => what, widest: 50 },
  { title: 'BECAUSE', value: becauseOf },
  { title: 'GROUND', value: ({ state }) => state },
  { title: 'SEEN', value: ({ grounds }) => grounds.reduce((sum, { count }) => sum + count, 0), align: 'right' },
  {
    title: 'ENTRIES',
    value: ({ grounds }) =>
      grounds
        .flatMap(({ entries }) => entries)
        .slice(0, 4)
        .join(' ') || undefined,
  },
  { title: 'FIRST EVENT', value: ({ evidence }) => evidence[0]?.events[0]?.permalink, widest: 70 },
]

const VERIFIED: readonly Column<VerifiedRow>[] = [
  { title: 'STATE', value: ({ state }) => state },
  { title: 'LAYER', value: ({ of }) => of.kind },
  { title: 'AGENT', value: ({ of }) => of.agent, widest: 40 },
  { title: 'LINE', value: ({ what }) => what, widest: 50 },
  { title: 'POINTER', value: ({ pointer }) => pointer },
  { title: 'WHY', value: (row) => row.reason },
]
