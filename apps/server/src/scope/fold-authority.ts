import { CONTROL_AGENT, formatRfc3339, type AuthPlane, type EventSummary, type Sighting } from '@holdfast/model'
import { nodeOfSession, planeOfPrincipal, principalName } from '@holdfast/observe'
import { isLess } from '../views/decimal-order.ts'
import type { FoldInput } from '../views/fold-input.ts'
import type { FoldOutput, KeyReader } from '../views/fold.ts'
import {
  decode,
  encode,
  type ActingDoc,
  type DeclaredDoc,
  type HeardDoc,
  type OwnerDoc,
  type Proofs,
  type UseDoc,
} from './docs.ts'
import { keys } from './keys.ts'
import { PROOFS } from './limits.ts'

type ApiCall = EventSummary & { readonly body: { readonly kind: 'api-call' } }
type Doc = DeclaredDoc | ActingDoc | UseDoc | HeardDoc | OwnerDoc

/**
 * Folds what is declared of authority, who acts as whom, and what was done with it: a pure function of what it reads and of
 * the entries. Counts add up and the newest stands, so the state is the same in whatever order entries arrive.
 */
export function foldAuthority(reader: KeyReader, inputs: readonly FoldInput[]): FoldOutput {
  const batch = new Batch(reader)
  for (const { entry, events, sightings } of inputs) {
    for (const event of events) foldEvent(batch, event)
    if (entry.envelope.agent === CONTROL_AGENT) continue
    for (const sighting of sightings) foldIdentity(batch, entry.envelope.agent, sighting)
  }
  return batch.output()
}

function foldEvent(batch: Batch, event: EventSummary): void {
  const { body, agent } = event
  const proof = proofOf(event)
  switch (body.kind) {
    case 'declaration': {
      const { document, format, grants, bindings, facts } = body
      if (facts['owner'] !== undefined) batch.own(agent.id, { owner: facts['owner'], at: proof[0], entry: proof[1] })
      if (grants.length + bindings.length === 0) return
      const object = `${agent.id}\n${format}\n${facts['object'] ?? document}`
      const doc = { document, format, agent: agent.id, object, claimedAt: proof[0], entry: proof[1], grants, bindings }
      return batch.put(keys.document(object, proof[0], proof[1]), doc)
    }
    case 'api-call':
      return foldCall(batch, { ...event, body })
    case 'identity': {
      const plane = planeOfPrincipal(body.principal)
      if (plane !== undefined) batch.acts(actingOf(agent.id, body.principal, plane, body.statedBy), proof)
      return
    }
    case 'tool-call': {
      const action = `${body.server ?? '-'}/${body.toolName}`
      batch.use({ plane: 'mcp', principal: agent.id, action, resource: '', isDenied: false }, event)
      return batch.hear('mcp', event)
    }
    case 'control':
      if (body.record.kind === 'agent-statement' && body.record.field === 'owner')
        batch.own(body.record.agent, { owner: body.record.value, at: proof[0], entry: proof[1] })
      return
    case 'prompt':
    case 'model-call':
    case 'model-output':
    case 'tool-definition':
    case 'tool-catalogue':
    case 'tool-result':
    case 'component':
    case 'change':
    case 'context-item':
    case 'memory':
    case 'invocation':
    case 'delegation':
    case 'guardrail':
    case 'egress':
    case 'step':
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
      return
  }
}

function foldCall(batch: Batch, event: ApiCall): void {
  const { body, agent } = event
  const { plane, principal, action, decision, gives } = body
  const proof = proofOf(event)
  batch.hear(plane, event)
  // The identity's own page shows what it may and does.
  batch.acts(actingOf(agent.id, principal.id, plane, 'audit log'), proof)
  const isDenied = decision === 'denied'
  const resources = body.resources.length === 0 ? [''] : body.resources
  for (const resource of resources)
    batch.use({ plane, principal: principalName(principal.id), action, resource, isDenied }, event)
  // A cluster knows a role of the cloud by another name.
  for (const reached of principal.via)
    if (plane === 'kubernetes' && reached.startsWith('arn:'))
      batch.became(reached, principal.id, plane, 'direct', proof)
  if (gives === undefined || isDenied || gives.id === principal.id) return
  const path = principal.kind === 'service-account' ? 'direct' : 'inherited'
  batch.became(principal.id, gives.id, gives.plane, path, proof)
}

/** A part of the agent that is an identity: of its manifest, of what it loaded, of what it called. */
function foldIdentity(batch: Batch, agent: string, { component, sight, claimedAt, entry }: Sighting): void {
  if (component.kind !== 'identity') return
  const plane = planeOfPrincipal(component.name)
  if (plane !== undefined)
    batch.acts(actingOf(agent, component.name, plane, `${sight} identity`), [claimedAt.toString(), entry])
}

function actingOf(from: string, principal: string, plane: AuthPlane, statedBy: string): Omit<ActingDoc, 'proofs'> {
  const node = nodeOfSession(principal, undefined)
  const path = node === undefined ? ({ path: 'direct' } as const) : ({ path: 'inherited', ancestor: node } as const)
  return { from, to: principalName(principal), plane, statedBy, ...path }
}

type Proof = Proofs[number]

function proofOf({ claimedAt, entry }: EventSummary): Proof {
  return [claimedAt.toString(), entry]
}

/** Reads through to the store, writes into memory: the whole batch becomes one durable step. */
class Batch {
  readonly #reader: KeyReader
  readonly #docs = new Map<string, Doc | undefined>()
  readonly #changed = new Set<string>()

  constructor(reader: KeyReader) {
    this.#reader = reader
  }

  put(key: string, doc: Doc): void {
    this.#docs.set(key, doc)
    this.#changed.add(key)
  }

  acts(acting: Omit<ActingDoc, 'proofs'>, proof: Proof): void {
    this.#merge(keys.acting(acting.from, acting.to, acting.plane), acting, proof)
  }

  became(from: string, to: string, plane: AuthPlane, path: ActingDoc['path'], proof: Proof): void {
    const [one, other] = [principalName(from), principalName(to)]
    const ancestor = path === 'inherited' ? { ancestor: other } : {}
    this.#merge(
      keys.became(one, other, plane),
      { from: one, to: other, plane, path, statedBy: 'audit log', ...ancestor },
      proof,
    )
  }

  use(
    { isDenied, ...use }: Pick<UseDoc, 'plane' | 'principal' | 'action' | 'resource'> & { readonly isDenied: boolean },
    event: EventSummary,
  ): void {
    const day = dayOf(event)
    const key = keys.use(use.principal, day, `${use.plane}\n${use.action}\n${use.resource}`)
    const known = this.#get<UseDoc>(key)
    this.put(key, {
      ...use,
      day,
      calls: (known?.calls ?? 0) + (isDenied ? 0 : 1),
      denied: (known?.denied ?? 0) + (isDenied ? 1 : 0),
      proofs: withProof(known?.proofs, proofOf(event)),
    })
  }

  hear(plane: AuthPlane, event: EventSummary): void {
    const key = keys.heard(plane, dayOf(event))
    const known = this.#get<HeardDoc>(key)
    const isLive = known?.isLive === true || event.source.clock === 'live'
    this.put(key, { records: (known?.records ?? 0) + 1, isLive })
  }

  own(agent: string, owner: OwnerDoc): void {
    const key = keys.owner(agent)
    const known = this.#get<OwnerDoc>(key)
    if (known === undefined || isNewer([owner.at, owner.entry], [known.at, known.entry])) this.put(key, owner)
  }

  output(): FoldOutput {
    const puts = [...this.#changed].flatMap((key) => {
      const doc = this.#docs.get(key)
      return doc === undefined ? [] : [[key, encode(doc)] as const]
    })
    return { puts, deletes: [] }
  }

  /** Of two ways to know the same, the direct one stands, then the word that sorts first. */
  #merge(key: string, acting: Omit<ActingDoc, 'proofs'>, proof: Proof): void {
    const known = this.#get<ActingDoc>(key)
    const proofs = withProof(known?.proofs, proof)
    this.put(key, { ...(known !== undefined && rankOf(known) <= rankOf(acting) ? known : acting), proofs })
  }

  #get<T extends Doc>(key: string): T | undefined {
    if (!this.#docs.has(key)) {
      const bytes = this.#reader.get(key)
      this.#docs.set(key, bytes === undefined ? undefined : decode<T>(bytes))
    }
    return this.#docs.get(key) as T | undefined // one kind of document stands under one kind of key
  }
}

function rankOf({ path, statedBy, ancestor }: Omit<ActingDoc, 'proofs'>): string {
  return `${path} ${statedBy} ${ancestor ?? ''}`
}

/** `YYYY-MM-DD` of the claimed time. */
function dayOf({ claimedAt }: EventSummary): string {
  const day = claimedAt / DAY_NANOS
  if (day !== lastDay.day) lastDay = { day, text: formatRfc3339(claimedAt).slice(0, 10) }
  return lastDay.text
}

const DAY_NANOS = 86_400_000_000_000n

/** Entries of one day come together; the answer is the same with and without it. */
let lastDay: { readonly day: bigint; readonly text: string } = { day: -1n, text: '' }

function withProof(known: Proofs = [], proof: Proof): Proofs {
  if (known.some(([, entry]) => entry === proof[1])) return known
  const older = known.findIndex((one) => isNewer(proof, one))
  const place = older === -1 ? known.length : older
  return place >= PROOFS ? known : [...known.slice(0, place), proof, ...known.slice(place, PROOFS - 1)]
}

function isNewer(a: Proof, b: Proof): boolean {
  return a[0] === b[0] ? a[1] > b[1] : isLess(b[0], a[0])
}
