import type { Draft } from './draft.ts'
import { byOwnClock } from './draft.ts'
import type { Conversation } from './join.ts'

/**
 * Sources that send log records without spans state no causes. One user message in a session set off its model calls
 * (`exclusive`); of several, a call belongs to the last before it, and a tool call to the last model call before it, by
 * the clock of the one process that told of both (`temporal`).
 */
export function joinSessions(joined: Conversation): void {
  const entered = new Set<string>()
  const caused = new Set<string>()
  for (const edge of joined.edges) {
    if (edge.kind === 'entered') entered.add(edge.from)
    if (edge.kind === 'requested' || edge.kind === 'contains') caused.add(edge.to)
    if (edge.kind === 'entered') caused.add(edge.to)
  }
  for (const part of joined.parts) {
    if (!part.key.startsWith('session:')) continue
    const drafts = part.drafts.map((draft) => joined.drafts.get(draft.id) ?? draft)
    for (const group of bySource(drafts.filter((draft) => draft.parts.length === 1))) {
      joinSource(joined, group, { entered, caused })
    }
  }
}

type Joins = { readonly entered: ReadonlySet<string>; readonly caused: ReadonlySet<string> }

function joinSource(joined: Conversation, drafts: readonly Draft[], { entered, caused }: Joins): void {
  const prompts = new Set(
    drafts.filter((draft) => draft.kind === 'message' && draft.name === 'user' && !entered.has(draft.id)),
  )
  const [only] = prompts
  let prompt: Draft | undefined
  let call: Draft | undefined
  for (const draft of drafts.toSorted(byOwnClock)) {
    if (prompts.has(draft)) prompt = draft
    if (draft.kind === 'model-call' && !caused.has(draft.id)) {
      const from = prompts.size === 1 ? only : prompt
      const basis = prompts.size === 1 ? 'exclusive' : 'temporal'
      if (from !== undefined) joined.edges.push({ from: from.id, to: draft.id, kind: 'entered', basis })
    }
    if (draft.kind === 'model-call') call = draft
    if (draft.kind === 'tool' && !caused.has(draft.id) && call !== undefined) {
      joined.edges.push({ from: call.id, to: draft.id, kind: 'requested', basis: 'temporal' })
    }
  }
}

function bySource(drafts: readonly Draft[]): readonly (readonly Draft[])[] {
  const groups = new Map<string, Draft[]>()
  for (const draft of drafts) {
    const group = groups.get(draft.source)
    if (group === undefined) groups.set(draft.source, [draft])
    else group.push(draft)
  }
  return [...groups.values()]
}
