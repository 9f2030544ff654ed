import { MAX_ANSWERED } from '../limits.ts'
import type { Draft } from './draft.ts'
import type { Conversation } from './join.ts'

/** Joins results of tool calls to the messages that brought them back, by call id. */
export function joinResults(joined: Conversation): void {
  const asked = new Set<string>()
  for (const { kind, callId } of joined.drafts.values())
    if (kind === 'message' && callId !== undefined) asked.add(callId)
  const calls = new Calls(joined.drafts.values(), asked)
  for (const draft of joined.drafts.values()) {
    if (draft.kind !== 'message' || draft.callId === undefined) continue
    for (const tool of calls.answeredBy(draft, draft.callId)) {
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
    if (isBefore || message.teller !== tool.teller) continue
    joined.edges.push({ from: tool.id, to: message.id, kind: 'returned', basis: 'exclusive' })
    messagesOf.set(tool.id, [message.id])
  }
}

/**
 * The calls that a tool message answers. A call id names one call where models make ids at random; some count from
 * zero in every run, so of several the one of the message's teller, result and run is meant. An index and no search,
 * since a sender may give one id to any number of calls and messages.
 */
class Calls {
  readonly #byKey = new Map<string, Draft[]>()

  /** `asked`: the call ids that messages name; nobody will ask for others. */
  constructor(drafts: Iterable<Draft>, asked: ReadonlySet<string>) {
    for (const draft of drafts) {
      const { kind, callId, teller, got, parts } = draft
      if (kind !== 'tool' || callId === undefined || !asked.has(callId)) continue
      for (const scope of [[callId], [callId, teller]]) {
        for (const digest of ['', ...new Set(got?.texts.map((text) => text.digest))]) {
          for (const part of ['', ...parts]) this.#add([...scope, digest, part], draft)
        }
      }
    }
  }

  /** Empty where more than {@link MAX_ANSWERED} are left that nothing tells apart. */
  answeredBy({ teller, got, parts }: Draft, callId: string): readonly Draft[] {
    const digest = got?.texts[0]?.digest ?? ''
    const scope = this.#get([callId, teller, '', '']).length > 0 ? [callId, teller] : [callId]
    const equal = this.#get([...scope, digest, ''])
    if (equal.length === 1) return equal
    const text = equal.length === 0 ? '' : digest
    const inRun = parts.flatMap((part) => this.#get([...scope, text, part]))
    const meant = inRun.length > 0 ? [...new Set(inRun)] : this.#get([...scope, text, ''])
    return meant.length > MAX_ANSWERED ? [] : meant
  }

  #get(key: readonly string[]): readonly Draft[] {
    return this.#byKey.get(JSON.stringify(key)) ?? []
  }

  #add(key: readonly string[], draft: Draft): void {
    const text = JSON.stringify(key)
    const known = this.#byKey.get(text)
    if (known === undefined) this.#byKey.set(text, [draft])
    else known.push(draft)
  }
}
