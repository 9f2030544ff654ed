import type { EdgeKind } from '@holdfast/model'

import { MAX_VALUE_SOURCES, MIN_DIGEST_BYTES } from '../limits.ts'
import type { Draft } from './draft.ts'
import type { TextRef } from './facet.ts'
import type { Conversation } from './join.ts'

/**
 * Joins by equal content hash: an answer that stands in the next prompt, a result that came back without a call id, a
 * payload that became the receiver's task. Inferred, so marked `content`; a text that many nodes share joins nothing.
 */
export function joinByContent(joined: Conversation): void {
  const consumers = new Map<string, Draft[]>()
  const returned = new Set<string>()
  for (const edge of joined.edges) if (edge.kind === 'returned') returned.add(edge.to)
  for (const draft of joined.drafts.values()) {
    if (draft.kind === 'message' && draft.name !== 'system' && !returned.has(draft.id))
      post(consumers, draft.got?.texts, draft)
    if (draft.kind === 'agent') post(consumers, draft.given?.texts, draft)
    if (draft.kind === 'memory' && draft.name === 'read') post(consumers, draft.got?.texts, draft)
  }
  const producers = new Map<string, Draft[]>()
  for (const draft of joined.drafts.values()) post(producers, producedTexts(draft), draft, consumers)
  const peers = delegatingPeers(joined)
  for (const [digest, sources] of producers) {
    for (const target of consumers.get(digest) ?? []) {
      const meant = sources.filter((source) => isMeant(joined, { source, target, digest, peers }))
      if (meant.length > MAX_VALUE_SOURCES) continue
      for (const source of meant) {
        joined.edges.push({ from: source.id, to: target.id, kind: kindOf(source, target), basis: 'content' })
      }
    }
  }
}

function post(
  map: Map<string, Draft[]>,
  texts: readonly TextRef[] | undefined,
  draft: Draft,
  only?: ReadonlyMap<string, unknown>,
): void {
  for (const text of texts ?? []) {
    if (only !== undefined && !only.has(text.digest)) continue
    const known = map.get(text.digest)
    if (known === undefined) map.set(text.digest, [draft])
    else if (!known.includes(draft) && known.length <= MAX_VALUE_SOURCES * 64) known.push(draft)
  }
}

function producedTexts(draft: Draft): readonly TextRef[] | undefined {
  switch (draft.kind) {
    case 'model-output':
      return draft.isRequest ? undefined : draft.got?.texts
    case 'tool':
    case 'document':
      return draft.got?.texts
    case 'message':
      return draft.name === 'user' ? draft.got?.texts : undefined
    case 'memory':
      return draft.name === 'write' ? draft.given?.texts : draft.got?.texts
    case 'delegation':
      return draft.given?.texts
    case 'agent':
    case 'api-call':
    case 'egress':
    case 'guardrail':
    case 'identity':
    case 'model-call':
    case 'process':
    case 'file':
    case 'connection':
    case 'kernel-act':
    case 'step':
    case 'tool-definition':
      return undefined
  }
}

type Pair = {
  readonly source: Draft
  readonly target: Draft
  readonly digest: string
  /** `giver\nreceiver` for agents of which one is known to have handed work to the other. */
  readonly peers: ReadonlySet<string>
}

function isMeant(joined: Conversation, { source, target, digest, peers }: Pair): boolean {
  if (source === target) return false
  const isLong = (source.got ?? source.given)?.texts.some(
    (text) => text.digest === digest && text.bytes >= MIN_DIGEST_BYTES,
  )
  const isOwn = source.teller === target.teller
  if (target.kind === 'agent') return source.kind === 'delegation' && isLong === true
  if (target.kind === 'memory') return source.kind === 'memory' && source.name === 'write' && isLong === true
  switch (source.kind) {
    case 'model-output': {
      const call = joined.callOfOutput.get(source.id)
      // What stood in a call's context before it answered cannot be its answer coming back.
      if (call !== undefined && joined.calls.get(call)?.inputs.has(target.id) === true) return false
      return (isOwn && target.name === 'assistant') || isLong === true
    }
    case 'tool': {
      const calls = joined.requesters.get(source.id) ?? []
      if (calls.some((call) => joined.calls.get(call)?.inputs.has(target.id) === true)) return false
      return (isOwn && target.name === 'tool' && target.callId === undefined) || isLong === true
    }
    case 'delegation':
      return isLong === true && !(isOwn && source.member === target.member)
    case 'message':
      return isLong === true && peers.has(`${source.agent}\n${target.agent}`) && target.name === 'user'
    case 'document':
    case 'memory':
      return isLong === true
    case 'agent':
    case 'api-call':
    case 'egress':
    case 'guardrail':
    case 'identity':
    case 'model-call':
    case 'process':
    case 'file':
    case 'connection':
    case 'kernel-act':
    case 'step':
    case 'tool-definition':
      return false
  }
}

function kindOf(source: Draft, target: Draft): EdgeKind {
  if (source.kind === 'delegation') return 'delegated'
  return source.kind === 'tool' && target.name === 'tool' ? 'returned' : 'carried'
}

function delegatingPeers(joined: Conversation): ReadonlySet<string> {
  const peers = new Set<string>()
  for (const edge of joined.edges) {
    if (edge.kind !== 'delegated') continue
    const [from, to] = [joined.drafts.get(edge.from)?.agent, joined.drafts.get(edge.to)?.agent]
    if (from !== undefined && to !== undefined && from !== to) peers.add(`${from}\n${to}`)
  }
  return peers
}
