import { dataRulesOf, dataRulesSchema, routes } from '@holdfast/api'
import type { Roster } from '@holdfast/model'

/** A roster that a document holds: by the schema of the route that shows one, so that both have the same bounds. */
export function parseRoster(json: unknown): Roster | undefined {
  const { shape } = routes.getRoster.response
  const mode = shape.mode.safeParse(fieldOf(json, 'mode'))
  const agents = shape.agents.element.omit({ decided: true }).array().safeParse(fieldOf(json, 'agents'))
  const tools = shape.tools.element.omit({ decided: true }).array().safeParse(fieldOf(json, 'tools'))
  const given = fieldOf(json, 'dataRules')
  const rules = given === undefined ? undefined : dataRulesSchema.safeParse(given)
  if (rules?.success === false) return undefined
  if (!mode.success || !agents.success || !tools.success) return undefined
  const data = rules === undefined ? {} : { dataRules: dataRulesOf(rules.data) }
  return { mode: mode.data, agents: agents.data, tools: tools.data, ...data }
}

function fieldOf(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? Object.entries(json).find(([key]) => key === name)?.[1] : undefined
}
