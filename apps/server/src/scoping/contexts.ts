import type { StepsOfWork } from '@holdfast/detect'
import type { EventSummary } from '@holdfast/model'
import { type SweptText, type Sweep, sweepReceivers, type Handover } from '@holdfast/respond'
import { handOversOf } from './hand-overs.ts'
import { CONTEXT_CHARS, CONTEXT_TEXTS } from './limits.ts'
import type { Material } from './material.ts'
import type { Roots } from './roots.ts'
import { broughtBy, sweptText, textOf } from './texts.ts'

export type SweptIncident = {
  readonly sweep: Sweep
  readonly handovers: readonly Handover[]
  /** Agents to which nothing of it crossed. */
  readonly cleared: ReadonlySet<string>
}

/** Replays what crossed and what stood in the receivers' contexts. */
export function* sweepIncident(material: Material, roots: Roots): StepsOfWork<SweptIncident> {
  const { handovers, beyond } = handOversOf(material)
  const byAgent = Map.groupBy(material.events, ({ agent }) => agent.id as string)
  yield
  const began = roots.basis === 'deed' ? roots.events : roots.first === undefined ? [] : [roots.first]
  const tainted = [...new Set(began.map(({ agent }) => agent.id))]
  const contexts = new Map<string, readonly SweptText[]>()
  const sweep = yield* sweepReceivers({
    poison: roots.poison,
    around: roots.around,
    tainted,
    handovers,
    contextsOf: (agent) => {
      const known = contexts.get(agent) ?? contextsOf(material.texts, byAgent.get(agent) ?? [])
      contexts.set(agent, known)
      return known
    },
    clean: cleanTexts(material, roots),
    unread: material.cut + beyond,
  })
  const cleared = new Set(sweep.receivers.flatMap(({ verdict, receiver }) => (verdict === 'cleared' ? [receiver] : [])))
  // An agent of which a text instructed is no bystander, whatever was handed to it.
  for (const { agent } of roots.events) cleared.delete(agent.id)
  return { sweep: { ...sweep, cut: sweep.cut + beyond }, handovers, cleared }
}

/**
 * Texts that entered an agent's contexts, each once; what was told twice is absent only where nobody captured it. Its clock is its
 * own: what claims a time before all of it began may have come after.
 */
function contextsOf(texts: Material['texts'], own: readonly EventSummary[]): readonly SweptText[] {
  const found = new Map<string, EventSummary>()
  const missing = new Map<string, EventSummary>()
  const captured = new Set<string>()
  for (const event of own) {
    const { body } = event
    const content = broughtBy(body)
    if (content === undefined || body.kind === 'delegation' || body.kind === 'tool-definition') continue
    // What it said itself came from what it was told, which is read.
    if (body.kind === 'prompt' && body.role === 'assistant') continue
    const place = placeOf(event)
    if ('digest' in content) {
      captured.add(place)
      if (!found.has(content.digest)) found.set(content.digest, event)
    } else missing.set(place, event)
  }
  const read: SweptText[] = []
  let chars = 0
  for (const event of found.values()) {
    if (read.length >= CONTEXT_TEXTS || chars >= CONTEXT_CHARS) {
      read.push({ state: 'absent', reason: `${found.size - read.length} texts of its contexts lie past the bound` })
      break
    }
    const full = texts.event(event)
    const text = sweptText(full === undefined ? undefined : broughtBy(full.body), event.entry)
    if (text.state !== 'absent') chars += text.text.length
    read.push(text)
  }
  for (const [place, { body }] of missing) {
    const content = broughtBy(body)
    if (captured.has(place) || content === undefined || 'digest' in content) continue
    read.push({
      state: 'absent',
      reason: content.state === 'suppressed' ? `suppressed by ${content.rule}` : `not captured: ${content.reason}`,
    })
  }
  return read
}

/** One result that a tool's span and its proxy both tell of is one. */
function placeOf({ id, body }: EventSummary): string {
  return body.kind === 'tool-result' && body.callId !== undefined ? `call ${body.callId}` : id
}

/** What owners tell their agents: instructions, and what a user asked before it began of an agent that nobody hands work to. */
function cleanTexts({ events, texts }: Material, { poison, from }: Roots): readonly string[] {
  const found = new Map<string, string>()
  const given = new Set(
    events.flatMap(({ body, agent }) => (body.kind === 'delegation' && isNamed(agent, body.to) ? [agent.id] : [])),
  )
  for (const event of events) {
    const { body, agent, claimedAt } = event
    if (body.kind !== 'prompt' || !('digest' in body.content) || found.has(body.content.digest)) continue
    const isOwners = body.role === 'system' || body.role === 'developer'
    const isUsers = body.role === 'user' && !given.has(agent.id) && claimedAt !== 0n && claimedAt < from
    if (!isOwners && !isUsers) continue
    const full = texts.event(event)
    const text = full?.body.kind === 'prompt' ? textOf(full.body.content) : undefined
    // A template that retrieval writes into may hold the order itself.
    if (text !== undefined && !poison.some((one) => text.includes(one.text))) found.set(body.content.digest, text)
  }
  return [...found.values()]
}

function isNamed({ name, member }: EventSummary['agent'], to: string): boolean {
  return to === name || to === member
}
