import { generateKeyPairSync } from 'node:crypto'
import type { Body } from '@holdfast/api'
import { expectedOf } from '../incidents/expected.ts'
import type { Declared, IncidentScenario } from '../incidents/scenario.ts'
import type { Stage } from '../incidents/stage.ts'
import type { Crew } from './crew.ts'

type Statement = Pick<Body<'stateAgent'>, 'field' | 'value'>

type Preparation = {
  readonly scenario: IncidentScenario
  readonly stage: Stage
  /** The server is the run's own and ends with it: what may be done without a person is decided for it. */
  readonly isOwnServer: boolean
}

/**
 * What is known of agents before anything happens to them: what their owners declare, what people state of each, and, on a server
 * of the run's own, what may be done without a person. The agents are those of the run that the server knows by then.
 *
 * **Invariant:** the response policy of a server that is not the run's own is left as it is. It speaks of everybody's agents, so a
 * run that changed it could have an agent held that nobody had decided about; its crew makes and applies the plan instead.
 */
export async function prepareResponse(
  crew: Crew,
  { scenario: { name, declares = [], misread }, stage, isOwnServer }: Preparation,
): Promise<void> {
  const { admin } = crew
  const { cast } = stage
  if (declares.length > 0)
    await stage.import(
      'agents.jsonl',
      declares.map((one) => declaration(one, stage)),
    )
  const { items } = await admin.api.call('listAgents', { query: { limit: 500 } })
  const told = expectedOf(name).told ?? {}
  const statements = statementsOf(told)
  for (const { id } of items.filter((agent) => agent.id.includes(`${cast.cluster}/`))) {
    // Where lives depend on an agent, its owner says how it is held.
    if (told['takeover'] !== undefined) await registerOwner(crew, id)
    for (const statement of statements)
      await admin.api.call('stateAgent', { params: { agent: id }, body: { ...statement, reason: 'as its owner says' } })
  }
  if (!isOwnServer) return
  await admin.api.call('putResponsePolicy', {
    body: {
      policy: {
        automatic: misread === undefined ? 'reversible' : 'off',
        twoPerson: { rungs: [], agents: [] },
        agentsAMinute: 5,
      },
      reason: 'what can be undone need not wait for a person',
    },
  })
}

async function registerOwner({ admin, owner }: Crew, agent: string): Promise<void> {
  const { publicKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const entry = {
    agent,
    owner: owner.name,
    version: '1',
    key: Buffer.from(x, 'base64url').toString('base64'),
    peers: [],
    class: 'retrieval',
    dataClasses: [],
  }
  await admin.api.call('decideRoster', { body: { decision: { do: 'add', entry }, reason: 'it runs for the clinic' } })
}

/** The configuration of an agent as its repository has it (docs/declaring.md). */
function declaration({ workload, tools }: Declared, stage: Stage): string {
  const content = { name: workload.deployment, model: 'gpt-5-mini', tools }
  const at = new Date(stage.t0 - DAY_MS).toISOString()
  return JSON.stringify({ holdfastDeclared: { document: 'agent.json', agent: stage.agentId(workload), at, content } })
}

const DAY_MS = 86_400_000

/** What is stated of an agent, by what people would tell the ladder. How fast harm grows is seen, and no statement. */
export function statementsOf(told: Readonly<Record<string, string>>): readonly Statement[] {
  const { live, restartable, reversible, takeover } = told
  const stated: readonly (readonly [Statement['field'], string | undefined])[] = [
    ['live', live],
    ['restartable', restartable],
    ['harm-reversible', reversible],
    ['life-safety', takeover === undefined ? undefined : 'yes'],
    ['takeover', takeover],
  ]
  return stated.flatMap(([field, value]) => (value === undefined ? [] : [{ field, value }]))
}
