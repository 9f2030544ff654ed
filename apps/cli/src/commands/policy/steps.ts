import type { Answer, Body, RolloutWire } from '@holdfast/api'
import { counted, DECISION_NAMES, type DecisionName } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi, type Api } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { AdvanceFlags, GroupFlags, PolicyFlags, ReasonFlags, RollbackFlags, StepFlags } from './command.ts'

type Group = Body<'stepRollout'>['group']

/** Decides for the next derivation. */
export async function policyChoose(
  this: CliContext,
  flags: ReasonFlags,
  name: string,
  decision: string,
  value?: string,
): Promise<void> {
  if (!isDecision(decision))
    throw new CliError('usage', `no decision "${inert(decision)}": ${DECISION_NAMES.join(', ')}`)
  const api = openApi(this, flags)
  const { id } = await resolveAgent(api, name)
  const body = { decision, reason: flags.reason, ...(value === undefined ? {} : { value }) }
  const document = await api.call('choosePolicy', { params: { agent: id }, body })
  printList(this, { format: formatOf(flags, 'table'), columns: ENTRY, rows: [document], document })
}

/** Shows what is on its way into enforcement. */
export async function rolloutStatus(this: CliContext, flags: PolicyFlags): Promise<void> {
  const document = await openApi(this, flags).call('listRollouts')
  printList(this, { format: formatOf(flags, 'table'), columns: ROLLOUTS, rows: document.items, document })
}

/** Begins to watch a group. */
export async function rolloutStart(this: CliContext, flags: StepFlags): Promise<void> {
  const api = openApi(this, flags)
  const body = { step: 'start', group: await groupOf(api, flags), reason: flags.reason } as const
  printRollouts(this, flags, await api.call('stepRollout', { body }))
}

/** Enforces what was watched and measured. */
export async function rolloutAdvance(this: CliContext, flags: AdvanceFlags): Promise<void> {
  const { kind, only, acceptDenials, reason } = flags
  const api = openApi(this, flags)
  const agents = only === undefined ? undefined : await Promise.all(only.map((one) => resolveAgent(api, one)))
  const body = {
    step: 'advance',
    group: await groupOf(api, flags),
    reason,
    acceptDenials,
    ...(kind === undefined ? {} : { kinds: [...kind] }),
    ...(agents === undefined ? {} : { agents: agents.map(({ id }) => id) }),
  } as const
  printRollouts(this, flags, await api.call('stepRollout', { body }))
}

/** Gives an agent back what it had. */
export async function policyRollback(this: CliContext, flags: RollbackFlags, name: string): Promise<void> {
  const api = openApi(this, flags)
  const { id } = await resolveAgent(api, name)
  const body = { reason: flags.reason, ...(flags.kind === undefined ? {} : { kinds: [...flags.kind] }) }
  const document = await api.call('rollBackPolicies', { params: { agent: id }, body })
  printList(this, { format: formatOf(flags, 'table'), columns: RESTORED, rows: document.restored, document })
  if (document.removed.length > 0) say(this, `without a policy now: ${document.removed.join(', ')}`)
}

/** The class or the agent that flags name. */
export async function groupOf(api: Api, flags: GroupFlags): Promise<Group> {
  const { class: named, agent } = flags
  if ((named === undefined) === (agent === undefined))
    throw new CliError('usage', 'name --class, or --agent for one of the pre-enforced track')
  return named === undefined
    ? { kind: 'pre-enforced', agent: (await resolveAgent(api, agent ?? '')).id }
    : { kind: 'class', class: named }
}

export function printRollouts(context: CliContext, flags: PolicyFlags, document: Answer<'stepRollout'>): void {
  printList(context, { format: formatOf(flags, 'table'), columns: ROLLOUTS, rows: document.rollouts, document })
}

function isDecision(given: string): given is DecisionName {
  return DECISION_NAMES.some((known) => known === given)
}

const ENTRY: readonly Column<Answer<'choosePolicy'>>[] = [{ title: 'LOG ENTRY', value: ({ entry }) => entry }]

const ROLLOUTS: readonly Column<RolloutWire>[] = [
  { title: 'GROUP', value: ({ group }) => (group.kind === 'class' ? `class ${group.class}` : group.agent), widest: 40 },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'POLICIES', value: ({ monitored }) => monitored.artifacts.length, align: 'right' },
  { title: 'SINCE (UTC)', value: ({ monitored }) => monitored.at },
  {
    title: 'WOULD STOP',
    value: ({ report }) =>
      report === undefined
        ? undefined
        : `${report.radius.denied} of ${counted(report.radius.judged, 'act')}${report.acceptsShortWindow === true ? ', short window' : ''}`,
  },
  {
    title: 'IN',
    value: ({ report }) =>
      report === undefined
        ? undefined
        : `${counted(report.radius.affectedAgents.length, 'agent')}, ${report.radius.affectedConversations} of ${counted(report.radius.conversations, 'conversation')}`,
  },
  { title: 'ENFORCED', value: ({ enforced }) => enforced.length, align: 'right' },
]

const RESTORED: readonly Column<Answer<'rollBackPolicies'>['restored'][number]>[] = [
  { title: 'LAYER', value: ({ kind }) => kind },
  { title: 'MODE', value: ({ mode }) => mode },
  { title: 'POLICY', value: ({ artifact }) => artifact },
]
