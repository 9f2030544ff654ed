import type { Draft } from './draft.ts'
import type { Conversation } from './join.ts'

/** Joins results of tool calls to the messages that brought them back, and what came along with them. */
export function joinResults(joined: Conversation): void {
  const tools = new Map<string, Draft[]>()
  for (const draft of joined.drafts.values()) {
    if (draft.kind !== 'tool' || draft.callId === undefined) continue
    const known = tools.get(draft.callId)
    if (known === undefined) tools.set(draft.callId, [draft])
    else known.push(draft)
  }
  const messagesOf = new Map<string, string[]>()
  for (const draft of joined.drafts.values()) {
    if (draft.kind !== 'message' || draft.callId === undefined) continue
    for (const tool of answered(tools.get(draft.callId) ?? [], draft)) {
      joined.edges.push({ from: tool.id, to: draft.id, kind: 'returned', basis: 'call-id' })
      const known = messagesOf.get(tool.id)
      if (known === undefined) messagesOf.set(tool.id, [draft.id])
      else known.push(draft.id)
    }
  }
  for (const part of joined.parts) {
    for (const { tool, from, basis } of part.outflows) {
      for (const to of messagesOf.get(tool) ?? []) joined.edges.push({ from, to, kind: 'returned', basis })
    }
    for (const { tool, call, basis } of part.followers) {
      if (!messagesOf.has(tool)) joined.edges.push({ from: tool, to: call, kind: 'returned', basis })
    }
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
