import { type AgentId, type Signal } from '@holdfast/model'
import { quoted } from '../signals/findings.ts'

/** Who did what, as somebody would say it who has one line for it. What a signal says without a title may have another subject. */
export function headlineOf({ agent, title, words }: Pick<Signal, 'agent' | 'title' | 'words'>): string {
  return title === undefined ? `${shownAs(agent)}: ${words}` : `${shownAs(agent)} ${title}`
}

/** An agent's own name, without where it runs; in quotes where it could be taken for our words. */
function shownAs(agent: AgentId): string {
  const name = agent.slice(agent.lastIndexOf('/') + 1)
  return /^[\w.@-]{1,64}$/.test(name) ? name : quoted(name)
}
