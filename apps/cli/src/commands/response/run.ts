import type { ResponsePolicyWire } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import type { PolicySetFlags, PolicyShowFlags } from './command.ts'

export async function policyShow(this: CliContext, flags: PolicyShowFlags): Promise<void> {
  print(this, flags, await openApi(this, flags).call('getResponsePolicy', {}))
}

export async function policySet(this: CliContext, flags: PolicySetFlags): Promise<void> {
  const api = openApi(this, flags)
  const { policy } = await api.call('getResponsePolicy', {})
  const { automatic, twoPersonRungs, twoPersonAgent, agentsAMinute, reason } = flags
  const rungs = twoPersonRungs?.flatMap((rung) => (rung === 'none' ? [] : [rung])) ?? policy.twoPerson.rungs
  const agents = twoPersonAgent?.filter((agent) => agent !== 'none') ?? policy.twoPerson.agents
  const changed = {
    automatic: automatic ?? policy.automatic,
    twoPerson: { rungs: [...rungs], agents: [...agents] },
    agentsAMinute: agentsAMinute ?? policy.agentsAMinute,
  }
  print(this, flags, await api.call('putResponsePolicy', { body: { policy: changed, reason } }))
}

const WORDS = {
  off: 'nothing is done without a person',
  reversible: 'what the ladder lets go by itself and can be undone is done without a person',
  table: 'what the ladder lets go by itself is done without a person, the kill of row 4 as well',
} as const

function print(context: CliContext, flags: PolicyShowFlags, decided: ResponsePolicyWire): void {
  const format = formatOf(flags, 'table')
  if (format !== 'table') return printDocument(context, format, decided)
  const { policy, by, reason, entry } = decided
  const { rungs, agents } = policy.twoPerson
  const lines = [
    `${policy.automatic}: ${WORDS[policy.automatic]}`,
    `agents held in a minute without a person: ${policy.agentsAMinute}`,
    `two people: ${[...rungs, ...agents.map(inert)].join(', ') || 'where a plan asks for them'}`,
    by === undefined ? 'nobody has decided' : `decided by ${inert(by)} (#${entry ?? 0}): ${inert(reason)}`,
  ]
  context.stdout.write(`${lines.join('\n')}\n`)
}
