import type { ContentRef, EventSummary, GraphNode } from '@holdfast/model'

import type { EvidenceView, Item } from './evidence-view.ts'
import { contentItem } from './evidence-view.ts'
import type { Topic } from './remedies.ts'
import { remedyFor } from './remedies.ts'

/** A1: every message that reached a context window; one that stood in fifty calls is one item. */
export function promptHistory(view: EvidenceView): readonly Item[] {
  const messages = view.nodes('message').map((node) =>
    contentItem({
      node,
      kind: 'prompt',
      topic: 'prompts',
      dialect: view.dialect(node),
      refs: refsOf(view.events(node), promptRef),
      absent: 'the message is named and its record never came',
    }),
  )
  const silent = talkingCalls(view).filter((node) => view.into(node, 'entered').length === 0)
  return [
    ...messages,
    ...silent.map((node): Item => ({
      item: node.events[0] ?? node.id,
      kind: 'prompt',
      state: 'lost',
      value: 0,
      bytes: 0,
      reason: `a model call of ${view.dialect(node)} came without a single message`,
      remedy: remedyFor(view.dialect(node), 'prompts'),
    })),
  ]
}

/** A2: documents, memories and tool descriptions, each with where it came from. */
export function retrievedContext(view: EvidenceView): readonly Item[] {
  const brought = view.nodes('document', 'memory', 'tool-definition').flatMap((node): readonly Item[] => {
    const events = view.events(node)
    const refs = refsOf(events, broughtRef)
    if (refs.length === 0) return []
    const topic = TOPICS[node.kind] ?? 'documents'
    const kind = node.kind === 'document' ? 'context-item' : node.kind === 'memory' ? 'memory' : 'tool-definition'
    const item = contentItem({ node, kind, topic, dialect: view.dialect(node), refs, absent: '' })
    const isNamed =
      node.kind !== 'document' || events.some(({ body }) => body.kind === 'context-item' && hasOrigin(body))
    if (isNamed || item.value < 1) return [item]
    const reason = 'the text is there, but not which document it is'
    return [{ ...item, state: 'truncated', value: 0.5, reason, remedy: remedyFor('', 'documents') }]
  })
  const empty = view.nodes('tool', 'step').filter((node) => isRetrieval(node) && !bringsSomething(view, node))
  return [
    ...brought,
    ...empty.map((node): Item => ({
      item: node.events[0] ?? node.id,
      kind: 'context-item',
      state: 'lost',
      value: 0,
      bytes: 0,
      reason: 'a retrieval ran and no document was recorded',
      remedy: remedyFor('', 'documents'),
    })),
  ]
}

const TOPICS: Partial<Readonly<Record<GraphNode['kind'], Topic>>> = {
  memory: 'memory',
  'tool-definition': 'tool-definitions',
}

/** A3: for each tool call its arguments and its result. */
export function toolCalls(view: EvidenceView): readonly Item[] {
  return view.nodes('tool').flatMap((node) => {
    const events = view.events(node)
    const dialect = view.dialect(node)
    const isRun = events.some(({ body }) => body.kind === 'tool-call' || body.kind === 'tool-result')
    const returned = view.out(node, 'returned').flatMap((edge) => {
      const message = view.node(edge.to)
      return message?.kind === 'message' && edge.basis !== 'trace' ? refsOf(view.events(message), promptRef) : []
    })
    const results = [...refsOf(events, resultRef), ...returned]
    return [
      contentItem({
        node,
        kind: 'tool-call',
        topic: 'tool-arguments',
        dialect,
        refs: refsOf(events, argumentsRef),
        absent: 'the call is known by its result only',
      }),
      contentItem({
        node,
        kind: 'tool-result',
        topic: 'tool-results',
        dialect,
        refs: results,
        absent: isRun
          ? 'the call ran and no result was recorded'
          : 'the model asked for the call and nothing shows that it ran',
      }),
    ]
  })
}

/** A4: the principal in force at every step that acts. One stated for an enclosing step of the same agent is in force. */
export function identities(view: EvidenceView): readonly Item[] {
  const inForce = new Set<string>()
  const items: Item[] = []
  // Causal order: what encloses a node stands before it.
  for (const node of view.graph.nodes) {
    const isStated = view.out(node, 'acted-as').length > 0
    const isInherited = view
      .into(node, 'contains', 'sent')
      .some((edge) => inForce.has(edge.from) && view.node(edge.from)?.agent === node.agent)
    if (isStated || isInherited) inForce.add(node.id)
    if (!actsAsSomeone(view, node)) continue
    const item = { item: node.events[0] ?? node.id, kind: 'identity', bytes: 0, at: BigInt(node.claimedAt) } as const
    items.push(
      inForce.has(node.id)
        ? { ...item, state: 'captured', value: 1, reason: 'stated', remedy: '' }
        : {
            ...item,
            state: 'not-captured',
            value: 0,
            reason: `${view.dialect(node)} states no principal for this ${node.kind}`,
            remedy: remedyFor('', 'identity'),
          },
    )
  }
  return items
}

/** A5: each agent that was given work, with the payload that crossed. */
export function deliveries(view: EvidenceView): readonly Item[] {
  const stated = view.nodes('delegation').map((node) => {
    const receivers = view.out(node, 'delegated').flatMap((edge) => view.node(edge.to) ?? [])
    const refs = [...refsOf(view.events(node), payloadRef), ...receivers.flatMap((receiver) => taskOf(view, receiver))]
    const dialect = view.dialect(node)
    return contentItem({
      node,
      kind: 'delegation',
      topic: 'delegation',
      dialect,
      refs,
      absent: 'the payload was not recorded',
    })
  })
  const unstated = view.nodes('agent', 'model-call', 'step').flatMap((node) => {
    const givers = view.into(node, 'delegated').flatMap((edge) => view.node(edge.from) ?? [])
    if (givers.length === 0 || givers.some((giver) => giver.kind === 'delegation')) return []
    const refs = [
      ...taskOf(view, node),
      ...givers.flatMap((giver) => (giver.kind === 'tool' ? refsOf(view.events(giver), argumentsRef) : [])),
    ]
    const dialect = view.dialect(node)
    const absent = 'an agent was given work and nothing shows what'
    return [contentItem({ node, kind: 'delegation', topic: 'delegation', dialect, refs, absent })]
  })
  return [...stated, ...unstated]
}

/** A6: what each model call answered: text, reasoning, tool choice. A call that failed owes no answer. */
export function modelOutputs(view: EvidenceView): readonly Item[] {
  const outputs = view.nodes('model-output').map((node) =>
    contentItem({
      node,
      kind: 'model-output',
      topic: 'outputs',
      dialect: view.dialect(node),
      refs: refsOf(view.events(node), outputRef),
      absent: 'the answer is named and its record never came',
    }),
  )
  const silent = talkingCalls(view).filter((node) => node.status !== 'error' && view.out(node, 'produced').length === 0)
  return [
    ...outputs,
    ...silent.map((node): Item => ({
      item: node.events[0] ?? node.id,
      kind: 'model-output',
      state: 'lost',
      value: 0,
      bytes: 0,
      reason: `a model call of ${view.dialect(node)} came without an answer`,
      remedy: remedyFor(view.dialect(node), 'outputs'),
    })),
  ]
}

/** Model calls that exchange text; an embedding answers with numbers. */
function talkingCalls(view: EvidenceView): readonly GraphNode[] {
  return view
    .nodes('model-call')
    .filter((node) =>
      view.events(node).some(({ body }) => body.kind === 'model-call' && body.operation !== 'embeddings'),
    )
}

function actsAsSomeone(view: EvidenceView, node: GraphNode): boolean {
  if (node.kind === 'tool')
    return view.events(node).some(({ body }) => body.kind === 'tool-call' || body.kind === 'tool-result')
  if (node.kind === 'memory')
    return view.events(node).some(({ body }) => body.kind === 'memory' && body.operation !== 'read')
  return node.kind === 'model-call' || node.kind === 'egress' || node.kind === 'delegation'
}

function isRetrieval(node: GraphNode): boolean {
  return /(?:^|[^a-z])(?:retriev[a-z]*|rag|vector|knowledge)(?:[^a-z]|$)/i.test(node.label)
}

function bringsSomething(view: EvidenceView, node: GraphNode): boolean {
  return view.out(node, 'contains', 'returned').some((edge) => {
    const kind = view.node(edge.to)?.kind
    // A step around the retrieval proper is not the place to look for documents.
    return kind === 'document' || kind === 'memory' || kind === 'tool' || kind === 'step'
  })
}

/** The first words that an agent was given: its input, or the messages of its first model call. */
function taskOf(view: EvidenceView, node: GraphNode): readonly ContentRef[] {
  const inputs = refsOf(view.events(node), ({ body }) => (body.kind === 'invocation' ? body.input : undefined))
  const messages = view.into(node, 'entered').flatMap((edge) => {
    const message = view.node(edge.from)
    return message === undefined
      ? []
      : refsOf(view.events(message), ({ body }) =>
          body.kind === 'prompt' && body.role === 'user' ? body.content : undefined,
        )
  })
  return [...inputs, ...messages]
}

function refsOf(
  events: readonly EventSummary[],
  pick: (event: EventSummary) => ContentRef | undefined,
): readonly ContentRef[] {
  return events.flatMap((event) => pick(event) ?? [])
}

function promptRef({ body }: EventSummary): ContentRef | undefined {
  return body.kind === 'prompt' ? body.content : undefined
}

function outputRef({ body }: EventSummary): ContentRef | undefined {
  return body.kind === 'model-output' ? body.content : undefined
}

function argumentsRef({ body }: EventSummary): ContentRef | undefined {
  if (body.kind === 'tool-call') return body.arguments
  return body.kind === 'model-output' && body.part === 'tool-request' ? body.content : undefined
}

function resultRef({ body }: EventSummary): ContentRef | undefined {
  return body.kind === 'tool-result' ? body.result : undefined
}

function payloadRef({ body }: EventSummary): ContentRef | undefined {
  return body.kind === 'delegation' ? body.payload : undefined
}

/** A memory that was written left the context; only what was read came into it. */
function broughtRef({ body }: EventSummary): ContentRef | undefined {
  if (body.kind === 'context-item') return body.content
  if (body.kind === 'tool-definition') return body.description
  return body.kind === 'memory' && body.operation === 'read' ? body.content : undefined
}

function hasOrigin(body: { readonly origin?: string; readonly uri?: string }): boolean {
  return body.origin !== undefined || body.uri !== undefined
}
