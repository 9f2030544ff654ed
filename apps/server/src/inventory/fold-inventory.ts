import { hash } from 'node:crypto'
import { componentId, placed, answeredModel, isModelHost } from '@holdfast/declare'
import { isApplicationAgent } from '@holdfast/capture'
import { CONTROL_AGENT, type ControlRecordOf, type EventSummary } from '@holdfast/model'
import type { FoldInput } from '../views/fold-input.ts'
import type { FoldOutput, KeyReader } from '../views/fold.ts'
import { addDirectoryChange } from './directory.ts'
import { countEvent } from './count-event.ts'
import { encode, type CatalogueDoc, type DocumentDoc, type InventoryAgent } from './docs.ts'
import { InventoryBatch } from './inventory-batch.ts'
import { type IdentityUse, withCall, withUse } from './identity-use.ts'
import { keys } from './keys.ts'
import { DOCUMENT_VERSIONS, MEMBERS_PER_AGENT } from './limits.ts'
import { refusalKey, withRefusal } from './refusals.ts'

/** Folds entries into the inventory: a pure function, the same in whatever order entries arrive, recorded times apart. */
export function foldInventory(reader: KeyReader, inputs: readonly FoldInput[]): FoldOutput {
  const batch = new InventoryBatch(reader)
  for (const { entry, events, sightings } of inputs) {
    const { agent, agentName, encoding } = entry.envelope
    if (agent !== CONTROL_AGENT) {
      const doc = batch.agent(agent, agentName)
      if (agentName < doc.name) doc.name = agentName
      // Also where it was imported: what counts is that the agent told of itself.
      if (encoding.startsWith('otlp-') || encoding === 'run-json') doc.isTelling = true
      for (const sighting of sightings) batch.addSighting(doc, sighting)
    }
    for (const event of events) foldEvent(batch, event)
  }
  return batch.output()
}

function foldEvent(batch: InventoryBatch, event: EventSummary): void {
  const { body } = event
  if (body.kind === 'control') {
    if (body.record.kind === 'agent-statement') addStatement(batch, event.entry, body.record)
    return
  }
  const agent = batch.agent(event.agent.id, event.agent.name)
  // The least of its names, so that it does not matter which came first.
  if (event.agent.name < agent.name) agent.name = event.agent.name
  countEvent(agent, event)
  const { member } = event.agent
  if (member !== undefined && !agent.members.includes(member))
    agent.members = [...agent.members, member].toSorted().slice(0, MEMBERS_PER_AGENT)
  if (isClient(body)) addClient(agent, event)
  switch (body.kind) {
    case 'step':
      // A process that answers the protocol's own address serves tools to others.
      if (/^served POST \/(?:[^ ]*\/)?(?:mcp|sse)\b/.test(body.name)) agent.aiServer = true
      return
    case 'component':
      if (body.state === 'unloaded') batch.addUnloading(agent, event, placed(body.component))
      return
    case 'tool-catalogue':
      if (body.isWhole) addCatalogue(batch, event, body)
      return
    case 'declaration':
      // Documents of authority are about an account or a cluster: they declare no agent.
      if (body.components.length > 0) agent.isDeclared = true
      addDocument(batch, event, body)
      for (const { kind, name, details } of body.components)
        if (kind === 'identity') addUse(batch, event, { identity: name, kind: details['kind'] ?? 'unknown' })
      return
    case 'change':
      addChange(batch, agent, { event, body })
      return
    case 'model-call': {
      const model = answeredModel(body)
      if (model !== undefined)
        batch.update(keys.calls(agent.id, componentId(placed(model))), (known) => withCall(known, body))
      return
    }
    case 'api-call':
      addUse(batch, event, {
        identity: body.principal.id,
        kind: body.principal.kind,
        isAuthority: true,
        session: body.principal.session,
        uses:
          body.decision === 'allowed'
            ? (body.resources.length === 0 ? [''] : body.resources).map((on) => `${body.action} ${on}`.trim())
            : [],
      })
      return
    case 'identity':
      if (body.principalKind !== 'user' && body.principalKind !== 'process')
        addUse(batch, event, { identity: body.principal, kind: body.principalKind })
      return
    case 'guardrail': {
      const id = refusalKey(event)
      if (id !== undefined) batch.addRefusal(agent, id, (known) => withRefusal(known, event, body))
      return
    }
    case 'prompt':
    case 'model-output':
    case 'tool-definition':
    case 'tool-call':
    case 'tool-result':
    case 'context-item':
    case 'memory':
    case 'invocation':
    case 'delegation':
    case 'egress':
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
  }
}

/** The newest statement of a field holds, in whatever order they are folded. */
function addStatement(
  batch: InventoryBatch,
  entry: number,
  { agent, field, value, reason, by }: ControlRecordOf<'agent-statement'>,
): void {
  const doc = batch.agent(agent, agent)
  doc.isDeclared = true
  const known = doc.statements[field]
  if (known === undefined || known.entry < entry) doc.statements[field] = { value, reason, by, entry }
}

/** Where it was a client of a model first. */
function addClient(agent: InventoryAgent, { claimedAt: at, entry }: EventSummary): void {
  agent.aiClient = true
  const { client } = agent
  if (client === null || at < BigInt(client.at) || (at === BigInt(client.at) && entry < client.entry))
    agent.client = { at: at.toString(), entry }
}

function isClient(body: EventSummary['body']): boolean {
  if (body.kind === 'model-call') return true
  if (body.kind === 'dns') return body.action === 'question' && isModelHost(body.name)
  return body.kind === 'egress' && isModelHost(body.destination)
}

type Body<K extends EventSummary['body']['kind']> = Extract<EventSummary['body'], { readonly kind: K }>

/** What an agent was seen to do under an identity, or that it has it. */
function addUse(
  batch: InventoryBatch,
  { agent, entry }: EventSummary,
  {
    identity,
    kind,
    isAuthority = false,
    uses = [],
    ...rest
  }: Pick<IdentityUse, 'identity' | 'kind'> & Partial<IdentityUse>,
): void {
  batch.update(keys.identity(identity, agent.id), (known) =>
    withUse(known, { identity, agent: agent.id, kind, isAuthority, uses, entry, ...rest }),
  )
}

function addChange(
  batch: InventoryBatch,
  agent: InventoryAgent,
  { event, body }: { readonly event: EventSummary; readonly body: Body<'change'> },
): void {
  const { kind: _kind, ...change } = body
  // Under such a name others may send too: what they say is their own word, and none of the directory's.
  if (event.source.channel === 'entra-audit' && isApplicationAgent(agent.id)) addDirectoryChange(agent, event, body)
  batch.put(
    keys.change(agent.id, event.claimedAt, event.entry),
    encode({ ...change, at: event.claimedAt, entry: event.entry }),
  )
}

function addCatalogue(batch: InventoryBatch, event: EventSummary, body: Body<'tool-catalogue'>): void {
  const id = hash('sha256', `${body.server}\n${body.digest}`, 'hex').slice(0, 24)
  batch.update(keys.catalogue(event.agent.id, id), (known): CatalogueDoc => {
    const before = known as CatalogueDoc | undefined // only this function writes below the key
    const at = event.claimedAt
    const isFirst =
      before === undefined || at < BigInt(before.first) || (at === BigInt(before.first) && event.entry < before.entry)
    if (!isFirst) return before
    const { server, digest, tools, isAnnounced } = body
    return { server, digest, tools, first: at.toString(), entry: event.entry, announced: isAnnounced }
  })
}

function addDocument(batch: InventoryBatch, event: EventSummary, body: Body<'declaration'>): void {
  const { format, document, components, facts } = body
  const id = hash('sha256', `${format}\n${document}`, 'hex').slice(0, 24)
  const parts = [
    ...new Set(
      components.map((component) => componentId(placed({ ...component, details: { ...component.details, document } }))),
    ),
  ].toSorted()
  batch.update(keys.document(event.agent.id, id), (known): DocumentDoc => {
    const before = known as DocumentDoc | undefined // only this function writes below the key
    const version = { at: event.claimedAt.toString(), entry: event.entry, parts, facts }
    const versions = [...(before?.versions ?? []), version].toSorted((a, b) =>
      a.at === b.at ? a.entry - b.entry : BigInt(a.at) < BigInt(b.at) ? -1 : 1,
    )
    return { format, document, versions: versions.slice(-DOCUMENT_VERSIONS) }
  })
}
