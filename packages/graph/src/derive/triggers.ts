import type { Draft } from './draft.ts'
import { byOwnClock } from './draft.ts'
import type { Conversation } from './join.ts'
import type { PartGraph } from './part.ts'

/**
 * Ids of the inputs that set executions off. A model call whose last message is the user's begins one, unless its agent
 * works on another's behalf: then the work that was handed over is the cause, and it is the trigger only where the
 * giver is not recorded. Message order decides, never a clock.
 */
export function findTriggers(joined: Conversation): ReadonlySet<string> {
  const handed = new Set<string>()
  const reached = new Set<string>()
  for (const edge of joined.edges) {
    if (edge.kind === 'delegated') handed.add(edge.to)
    if (edge.kind !== 'acted-as') reached.add(edge.to)
  }
  const triggers = new Set<string>()
  const lacking: PartGraph[] = []
  for (const part of joined.parts) {
    const openings = openingsOf(joined, part).filter(({ message }) => !handed.has(message))
    const own = openings.filter((opening) => !opening.isDelegated)
    // Where every call of a part works for an agent that has no call of its own, the first words are the receiver's.
    for (const { message } of own.length > 0 ? own : openings) triggers.add(message)
    if (openings.length === 0 && !part.calls.some((call) => call.isDelegated)) lacking.push(part)
  }
  const seen = { handed, reached }
  for (const part of lacking) {
    for (const draft of userFallback(draftsOf(joined, part), seen, part)) triggers.add(draft.id)
  }
  for (const draft of joined.drafts.values()) {
    if (draft.kind === 'delegation' && !reached.has(draft.id)) triggers.add(draft.id)
  }
  if (triggers.size > 0) return triggers
  for (const part of lacking) for (const draft of otherFallback(draftsOf(joined, part), seen)) triggers.add(draft.id)
  return triggers
}

type Opening = { readonly message: string; readonly isDelegated: boolean }

/** Last messages of the user in calls that end with one. A placeholder for messages that were left out says no order. */
function openingsOf(joined: Conversation, part: PartGraph): readonly Opening[] {
  return part.calls.flatMap(({ lastRole, lastUser, isDelegated }) => {
    const message = lastUser === undefined ? undefined : joined.drafts.get(lastUser)
    if (lastRole !== 'user' || message === undefined || message.got?.best.state === 'not-captured') return []
    return [{ message: message.id, isDelegated }]
  })
}

function draftsOf(joined: Conversation, part: PartGraph): readonly Draft[] {
  return part.drafts.map((draft) => joined.drafts.get(draft.id) ?? draft)
}

type Seen = {
  readonly handed: ReadonlySet<string>
  readonly reached: ReadonlySet<string>
}

/** A part whose calls show no opening message: what the user said outside of them, else the first that is known of. */
function userFallback(drafts: readonly Draft[], { handed, reached }: Seen, part: PartGraph): readonly Draft[] {
  const inCalls = new Set(part.calls.flatMap((call) => [...call.inputs]))
  const users = drafts.filter(
    (draft) => draft.kind === 'message' && draft.name === 'user' && !reached.has(draft.id) && !handed.has(draft.id),
  )
  const said = users.filter((draft) => !inCalls.has(draft.id))
  if (said.length > 0) return said
  const [first] = users
  const isOneClock = first !== undefined && users.every((draft) => draft.source === first.source)
  return isOneClock ? users.toSorted(byOwnClock).slice(0, 1) : []
}

/** Without any word of a user: a document or memory that nothing recorded has fetched, else the task of the first agent. */
function otherFallback(drafts: readonly Draft[], { reached }: Seen): readonly Draft[] {
  const free = drafts.filter((draft) => !reached.has(draft.id))
  const brought = free.filter(
    (draft) => draft.kind === 'document' || (draft.kind === 'memory' && draft.name === 'read'),
  )
  if (brought.length > 0) return brought
  return free.filter((draft) => draft.kind === 'agent' && draft.given !== undefined).slice(0, 1)
}
