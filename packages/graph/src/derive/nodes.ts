import type { ContentRef, EventBody, EventSummary, GraphNode } from '@holdfast/model'

import type { DraftSeed, Observation } from './draft.ts'
import { newDraft, observe, short } from './draft.ts'
import type { Draft } from './draft.ts'
import { textOf } from './facet.ts'
import { tellerOf } from './holders.ts'
import { cut, nodeLabel } from './label.ts'
import type { MutableCall, PartBuild } from './part.ts'
import { socketNode } from './socket-node.ts'
import type { Span } from './span.ts'
import { mainOf } from './span.ts'

type Body<K extends EventBody['kind']> = Extract<EventBody<ContentRef>, { readonly kind: K }>

/** Makes the nodes of a span and the edges that lie inside it: what entered its model call and what came out. */
export function addNodes(build: PartBuild, span: Span): void {
  // Messages and outputs hang on the call or act of their span, so that must be there first.
  for (const event of span.events) addAct(build, span, event)
  // A step changes who that is only to a step, which leaves the place to the next one as well: found once for all.
  const act = span.call ?? mainOf(span)
  for (const event of span.events)
    if (event.body.kind === 'step') addStep(build, { span, owner: act }, event, event.body)
  const owner = span.call ?? mainOf(span)
  for (const event of span.events) {
    const { body } = event
    if (body.kind === 'prompt') addMessage(build, owner, event, body)
    if (body.kind === 'model-output') addOutput(build, owner, event, body)
    if (body.kind === 'identity') addIdentity(build, owner, event, body)
  }
}

function addAct(build: PartBuild, span: Span, event: EventSummary): void {
  const { body } = event
  switch (body.kind) {
    case 'model-call': {
      const seed = { ...seedOf(build, event, callId(build, span, body)), responseId: body.responseId }
      span.call = hang(build, span, event, seed, { status: body.error === undefined ? 'ok' : 'error' })
      const call = build.calls.get(span.call.id) ?? newCall(span, span.call)
      build.calls.set(span.call.id, call)
      call.entries.add(event.entry)
      return
    }
    case 'tool-call': {
      const tool = hang(build, span, event, toolSeed(build, span, event, body), { given: body.arguments })
      tool.isRun = true
      if (body.effect !== undefined) build.claims.push({ draft: tool, effect: body.effect })
      return
    }
    case 'tool-result': {
      const status = body.error === undefined ? 'ok' : 'error'
      hang(build, span, event, toolSeed(build, span, event, body), { got: body.result, status }).isRun = true
      return
    }
    case 'tool-definition': {
      const id = `tool-definition.${short(tellerOf(event), body.toolName, digestOf(body.description), digestOf(body.parameters), body.server ?? '')}`
      return void hang(build, span, event, seedOf(build, event, id), {
        got: body.description,
        given: body.parameters,
        status: 'ok',
      })
    }
    case 'context-item':
      return void hang(build, span, event, seedOf(build, event, documentId(span, event, body)), {
        given: body.query,
        got: body.content,
        status: 'ok',
      })
    case 'memory': {
      const seed = { ...seedOf(build, event, `memory.${event.id}`), name: body.operation }
      const seen = body.operation === 'read' ? { got: body.content } : { given: body.content }
      return void hang(build, span, event, seed, { ...seen, status: 'ok' })
    }
    case 'invocation': {
      const seed = { ...seedOf(build, event, `agent.${span.key}`), name: body.name }
      const status = body.error === undefined ? 'ok' : 'error'
      return void hang(build, span, event, seed, { given: body.input, got: body.output, status })
    }
    case 'delegation': {
      const id = body.delegationId === undefined ? event.id : short(tellerOf(event), body.delegationId)
      const seed = { ...seedOf(build, event, `delegation.${id}`), callId: body.delegationId, name: body.to }
      const handed = hang(build, span, event, seed, { given: body.payload })
      // The side that was given the work tells of the same id, under the name that the giver gave it.
      const isReceiver =
        body.delegationId !== undefined && (body.to === event.agent.name || body.to === event.agent.member)
      if (isReceiver) span.received.add(handed)
      if (isReceiver) handed.isReceived = true
      else handed.isGiven = true
      return
    }
    case 'guardrail':
      return void hang(build, span, event, seedOf(build, event, `guardrail.${event.id}`), {
        got: body.detail,
        status: 'ok',
      })
    case 'egress': {
      const status = body.status === undefined ? 'unknown' : body.status >= 400 ? 'error' : 'ok'
      const seed = { ...seedOf(build, event, `egress.${event.id}`), name: `${body.destination}${body.path ?? ''}` }
      return void hang(build, span, event, seed, { status })
    }
    case 'api-call':
      return void hang(build, span, event, seedOf(build, event, `api.${event.id}`), {
        given: body.request,
        got: body.response,
        status: body.decision === 'allowed' ? 'ok' : 'error',
      })
    case 'socket':
      return void hang(build, span, event, seedOf(build, event, socketNode(event)), { status: 'ok' })
    // What a sensor saw is no part of the spans (kernel-joins.ts).
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'prompt':
    case 'model-output':
    case 'identity':
    // What says what an agent is belongs to its inventory.
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'change':
    case 'step':
    case 'control':
      return
  }
}

/** Two observations of one answer are one call, whether two spans or a span and a log record told of it. */
function callId(build: PartBuild, span: Span, body: Body<'model-call'>): string {
  return body.responseId === undefined || body.responseId === ''
    ? `model-call.${span.key}`
    : `model-call.${short(build.key, span.teller, body.responseId)}`
}

function toolSeed(
  build: PartBuild,
  span: Span,
  event: EventSummary,
  body: Body<'tool-call'> | Body<'tool-result'>,
): DraftSeed {
  const id =
    body.callId === undefined
      ? `tool.${span.key}.${short(body.toolName)}`
      : `tool.${short(build.key, tellerOf(event), body.callId)}`
  return { ...seedOf(build, event, id), callId: body.callId, name: body.toolName }
}

/** A document that only stands in a call's context is one thing however often it stands there; a retrieved one is an act. */
function documentId(span: Span, event: EventSummary, body: Body<'context-item'>): string {
  const isListed = span.hasModelCall
  const digest = body.statedDigest ?? digestOf(body.content)
  const isNamed = body.origin !== undefined || body.uri !== undefined || digest !== ''
  return isListed && isNamed
    ? `document.${short(tellerOf(event), body.origin ?? '', body.uri ?? '', body.version ?? '', digest)}`
    : `document.${event.id}`
}

function addMessage(build: PartBuild, owner: Draft | undefined, event: EventSummary, body: Body<'prompt'>): void {
  const text = textOf(body.content)
  const id =
    text === undefined
      ? `message.${event.id}`
      : `message.${body.role}.${text.digest.slice(0, 24)}.${contextName(build, tellerOf(event), body.callId ?? '')}`
  const seed = { ...seedOf(build, event, id), callId: body.callId, name: body.role }
  const message = draftFor(build, event, seed)
  observe(message, event, { got: body.content, status: 'ok' })
  if (owner === undefined) return
  build.edges.push({ from: message.id, to: owner.id, kind: 'entered', basis: 'trace' })
  const { ordinal, role } = body
  build.calls.get(owner.id)?.prompts.push({ draft: message, entry: event.entry, ordinal, at: event.claimedAt, role })
}

/** Part of the id of every message, so it is made once for each context and call and not once for each prompt. */
function contextName(build: PartBuild, teller: string, callId: string): string {
  const key = `${teller}\n${callId}`
  const known = build.contextNames.get(key) ?? short(teller, callId)
  build.contextNames.set(key, known)
  return known
}

function addOutput(build: PartBuild, owner: Draft | undefined, event: EventSummary, body: Body<'model-output'>): void {
  const text = textOf(body.content)
  const slot =
    body.callId !== undefined
      ? short(body.part, body.callId)
      : text === undefined
        ? `${body.part}-${body.ordinal}`
        : short(body.part, body.toolName ?? '', text.digest)
  const id = `model-output.${owner === undefined ? event.id : owner.id.slice(owner.id.indexOf('.') + 1)}.${slot}`
  const isRequest = body.part === 'tool-request'
  const seed = { ...seedOf(build, event, id), callId: body.callId, name: body.toolName ?? '', isRequest }
  const output = draftFor(build, event, seed)
  observe(output, event, { got: body.content, status: 'ok' })
  if (owner !== undefined) build.edges.push({ from: owner.id, to: output.id, kind: 'produced', basis: 'trace' })
  if (owner !== undefined) build.calls.get(owner.id)?.outputs.push({ draft: output, entry: event.entry })
  if (body.part !== 'tool-request' || body.callId === undefined) return
  // The request is an observation of the call itself: often the only one that has the arguments.
  const toolId = `tool.${short(build.key, tellerOf(event), body.callId)}`
  const name = body.toolName ?? ''
  const tool = draftFor(build, event, {
    ...seedOf(build, event, toolId),
    kind: 'tool',
    label: cut(name),
    callId: body.callId,
    name,
  })
  observe(tool, event, { given: body.content })
  build.edges.push({ from: output.id, to: tool.id, kind: 'requested', basis: 'call-id' })
}

function addIdentity(build: PartBuild, owner: Draft | undefined, event: EventSummary, body: Body<'identity'>): void {
  const id = `identity.${short(tellerOf(event), body.principalKind, body.principal, body.onBehalfOf ?? '')}`
  const identity = draftFor(build, event, { ...seedOf(build, event, id), name: body.principalKind })
  observe(identity, event, { status: 'ok' })
  if (owner !== undefined) build.edges.push({ from: owner.id, to: identity.id, kind: 'acted-as', basis: 'trace' })
}

/** A record that carries structure only belongs to the act of its span; where there is none it holds the place. */
function addStep(
  build: PartBuild,
  { span, owner }: { readonly span: Span; readonly owner: Draft | undefined },
  event: EventSummary,
  body: Body<'step'>,
): void {
  const status = body.error === undefined ? 'ok' : 'error'
  if (owner === undefined || owner.kind === 'step' || owner.kind === 'document' || owner.kind === 'tool-definition') {
    hang(build, span, event, seedOf(build, event, `step.${span.key}`), { status })
  } else {
    observe(owner, event, status === 'error' ? { status } : {})
  }
}

/** Finds or makes a node and puts it into the tree of spans. */
function hang(build: PartBuild, span: Span, event: EventSummary, seed: DraftSeed, seen: Observation): Draft {
  const draft = draftFor(build, event, seed)
  observe(draft, event, seen)
  // A draft that only this event tells of is new to the span; a span of very many records must not be searched for each.
  if (draft.events.length === 1 || (span.drafts.at(-1) !== draft && !span.drafts.includes(draft))) {
    draft.isRepeated = draft.events.length > 1
    span.drafts.push(draft)
  }
  return draft
}

function draftFor(build: PartBuild, event: EventSummary, seed: DraftSeed): Draft {
  const known = build.drafts.get(seed.id)
  if (known !== undefined) return known
  const made = newDraft(seed, event)
  build.drafts.set(seed.id, made)
  return made
}

const KIND: Readonly<Record<Exclude<EventBody['kind'], 'control'>, GraphNode['kind']>> = {
  prompt: 'message',
  'model-call': 'model-call',
  'model-output': 'model-output',
  'tool-definition': 'tool-definition',
  'tool-call': 'tool',
  'tool-result': 'tool',
  'context-item': 'document',
  memory: 'memory',
  invocation: 'agent',
  delegation: 'delegation',
  identity: 'identity',
  guardrail: 'guardrail',
  egress: 'egress',
  process: 'process',
  file: 'file',
  connection: 'connection',
  dns: 'connection',
  socket: 'connection',
  kernel: 'kernel-act',
  'syscall-set': 'kernel-act',
  'tool-catalogue': 'tool-definition',
  component: 'step',
  declaration: 'step',
  'api-call': 'api-call',
  change: 'step',
  step: 'step',
}

function seedOf(build: PartBuild, event: EventSummary, id: string): DraftSeed {
  const kind = event.body.kind === 'control' ? 'step' : KIND[event.body.kind]
  return { id, kind, label: nodeLabel(event.body), part: build.key }
}

function newCall(span: Span, draft: Draft): MutableCall {
  return { span, draft, entries: new Set(), prompts: [], outputs: [] }
}

function digestOf(ref: ContentRef): string {
  return textOf(ref)?.digest ?? ''
}
