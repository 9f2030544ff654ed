import type { Body } from '@holdfast/api'
import { expectedOf } from '../incidents/expected.ts'
import type { IncidentScenarioName } from '../incidents/names.ts'
import type { Cast } from '../incidents/scenario.ts'
import type { Crew } from './crew.ts'

type Statement = Pick<Body<'stateAgent'>, 'field' | 'value'>

/**
 * What is known of agents before anything happens to them: what people state of each, and what may be done without a person. The
 * agents are those of the run that the server knows by then.
 */
export async function prepareResponse(
  crew: Crew,
  { name, cast }: { readonly name: IncidentScenarioName; readonly cast: Cast },
): Promise<void> {
  const { admin } = crew
  const { items } = await admin.api.call('listAgents', { query: { limit: 500 } })
  const statements = statementsOf(expectedOf(name).told ?? {})
  for (const { id } of items.filter((agent) => agent.id.includes(`${cast.cluster}/`)))
    for (const statement of statements)
      await admin.api.call('stateAgent', { params: { agent: id }, body: { ...statement, reason: 'as its owner says' } })
  await admin.api.call('putResponsePolicy', {
    body: {
      policy: { automatic: 'reversible', twoPerson: { rungs: [], agents: [] }, agentsAMinute: 5 },
      reason: 'what can be undone need not wait for a person',
    },
  })
}

/** How fast harm grows is seen, and no statement. */
function statementsOf(told: Readonly<Record<string, string>>): readonly Statement[] {
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
