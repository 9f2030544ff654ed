import type { Draft } from './draft.ts'
import type { Conversation } from './join.ts'

/**
 * Ids of the inputs that set executions off. A model call whose last message is the user's begins one, unless its agent
 * works on another's behalf: then the work that was handed over is the cause, and it is the trigger only where the
 * giver is not recorded. Message order decides, never a clock.
 */
export function findTriggers(joined: Conversation): ReadonlySet<string> {
  const handed = new Set<string>()
  const entered = new Set<string>()
  const reached = new Set<string>()
  for (const edge of joined.edges) {
    if (edge.kind === 'delegated') handed.add(edge.to)
    if (edge.kind === 'entered') entered.add(edge.from)
    if (edge.kind !== 'acted-as') reached.add(edge.to)
  }
  const triggers = new Set<string>()
  for (const part of joined.parts) {
    const before = triggers.size
    for (const call of part.calls) {
      const opens = call.lastRole === 'user' && call.lastUser !== undefined && !call.isDelegated
      if (opens && call.lastUser !== undefined && !handed.has(call.lastUser)) triggers.add(call.lastUser)
    }
    const drafts = part.drafts.map((draft) => joined.drafts.get(draft.id) ?? draft)
    if (triggers.size > before || part.calls.some((call) => call.isDelegated)) continue
    for (const draft of fallback(drafts, { handed, entered, reached })) triggers.add(draft.id)
  }
  for (const draft of joined.drafts.values()) {
    if (draft.kind === 'delegation' && !reached.has(draft.id)) triggers.add(draft.id)
  }
  return triggers
}

type Seen = {
  readonly handed: ReadonlySet<string>
  readonly entered: ReadonlySet<string>
  readonly reached: ReadonlySet<string>
}

/** For a part whose model calls show no opening user message: the next best input that nothing recorded has caused. */
function fallback(drafts: readonly Draft[], { handed, entered, reached }: Seen): readonly Draft[] {
  const free = drafts.filter((draft) => !reached.has(draft.id) && !handed.has(draft.id))
  const users = free.filter((draft) => draft.kind === 'message' && draft.name === 'user')
  const lone = users.filter((draft) => !entered.has(draft.id))
  if (lone.length > 0) return lone
  if (users.length > 0) return users.slice(-1)
  const brought = free.filter(
    (draft) => draft.kind === 'document' || (draft.kind === 'memory' && draft.name === 'read'),
  )
  if (brought.length > 0) return brought
  return free.filter((draft) => draft.kind === 'agent' && draft.given !== undefined).slice(0, 1)
}
