import type { Agent } from '@holdfast/api'

/** What each agent is called where several are listed: by its name, and by its id too where another bears the same name. */
export function calledOf(agents: readonly Pick<Agent, 'id' | 'name'>[]): (agent: Pick<Agent, 'id' | 'name'>) => string {
  const named = Map.groupBy(agents, ({ name }) => name)
  return ({ id, name }) => ((named.get(name)?.length ?? 0) > 1 ? `${name} (${id})` : name)
}
