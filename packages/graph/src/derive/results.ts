import type { Draft } from './draft.ts'
import type { Conversation } from './join.ts'

/** Joins results of tool calls to the messages that brought them back, by call id. */
export function joinResults(joined: Conversation): void {
  const tools = new Map<string, Draft[]>()
  for (const draft of joined.drafts.values()) {
    if (draft.kind !== 'tool' || draft.callId === undefined) continue
    const known = tools.get(draft.callId)
    if (known === undefined) tools.set(draft.callId, [draft])
    else known.push(draft)
  }
  for (const draft of joined.drafts.values()) {
    if (draft.kind !== 'message' || draft.callId === undefined) continue
    for (const tool of answered(tools.get(draft.callId) ?? [], draft)) {
      joined.edges.push({ from: tool.id, to: draft.id, kind: 'returned', basis: 'call-id' })
    }
  }
}

/** After all joins by id and content: what is left to infer, and what came back along with a result. */
export function joinReturns(joined: Conversation): void {
  const messagesOf = new Map<string, string[]>()
  for (const edge of joined.edges) {
    if (edge.kind !== 'returned' || joined.drafts.get(edge.to)?.kind !== 'message') continue
    const known = messagesOf.get(edge.from)
    if (known === undefined) messagesOf.set(edge.from, [edge.to])
    else known.push(edge.to)
  }
  returnTheOnly(joined, messagesOf)
  for (const part of joined.parts) {
    for (const { tool, from, basis } of part.outflows) {
      for (const to of messagesOf.get(tool) ?? []) joined.edges.push({ from, to, kind: 'returned', basis })
    }
    for (const { tool, call, basis } of part.followers) {
      if (!messagesOf.has(tool)) joined.edges.push({ from: tool, to: call, kind: 'returned', basis })
    }
  }
}

/** Without call ids, the only tool message of a part that nothing answers yet came from its only open call. */
function returnTheOnly(joined: Conversation, messagesOf: Map<string, string[]>): void {
  const answered = new Set([...messagesOf.values()].flat())
  for (const part of joined.parts) {
    const messages = part.drafts.filter(
      (draft) => draft.kind === 'message' && draft.name === 'tool' && !answered.has(draft.id),
    )
    const tools = part.drafts.filter((draft) => draft.kind === 'tool' && !messagesOf.has(draft.id))
    const [message, ...others] = messages
    const [tool, ...more] = tools
    if (message === undefined || tool === undefined || others.length + more.length > 0) continue
    if (message.callId !== undefined && tool.callId !== undefined) continue
    const isBefore = (joined.requesters.get(tool.id) ?? []).some(
      (call) => joined.calls.get(call)?.inputs.has(message.id) === true,
    )
    if (isBefore || message.agent !== tool.agent) continue
    joined.edges.push({ from: tool.id, to: message.id, kind: 'returned', basis: 'exclusive' })
    messagesOf.set(tool.id, [message.id])
  }
}

/**
 * The calls that a tool message answers. A call id names one call where models make ids at random; some count from
 * zero in every run, so of several the one of the message's agent, result and run is meant.
 */
function answered(tools: readonly Draft[], message: Draft): readonly Draft[] {
  if (tools.length < 2) return tools
  const own = narrow(tools, (tool) => tool.agent === message.agent)
  const digest = message.got?.texts[0]?.digest
  const equal = narrow(
    own,
    (tool) => digest !== undefined && (tool.got?.texts ?? []).some((text) => text.digest === digest),
  )
  return equal.length === 1 ? equal : narrow(equal, (tool) => tool.parts.some((part) => message.parts.includes(part)))
}

function narrow(tools: readonly Draft[], isMeant: (tool: Draft) => boolean): readonly Draft[] {
  const meant = tools.filter(isMeant)
  return meant.length === 0 ? tools : meant
}
