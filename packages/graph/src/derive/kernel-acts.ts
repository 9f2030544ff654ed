import type { ContentRef, EventBody, EventSummary, GraphNode, SocketEnd } from '@holdfast/model'
import { kernelLabel } from '@holdfast/model'

import type { Draft } from './draft.ts'
import { newDraft, observe, short } from './draft.ts'
import { tellerOf } from './holders.ts'
import type { Image, Images } from './kernel-images.ts'
import { cut } from './label.ts'
import type { DraftEdge } from './part.ts'

type Body<K extends EventBody['kind']> = Extract<EventBody<ContentRef>, { readonly kind: K }>

/** One act or thing that the kernel saw, folded from all events that tell the same of it. */
export type Act = {
  readonly draft: Draft
  /** Who did it; undefined where the kernel names no process. */
  readonly image: Image | undefined
  readonly body:
    | Body<'file'>
    | Body<'connection'>
    | Body<'dns'>
    | Body<'kernel'>
    | Body<'syscall-set'>
    | Body<'process'>
  /** Five-tuples of a connection's sockets. */
  readonly tuples: Set<string>
  /** Names that DNS answers gave for the address of a connection, sorted. */
  readonly names: readonly string[]
}

/** Names shown beside an address that several names lead to. */
const MAX_NAMES = 3

/**
 * Makes the nodes for files, connections, names and other acts: what one image did to one thing in one way, and with one
 * outcome, is one node however often it was done. Events come by the kernel's clock.
 */
export function actsOf(events: readonly EventSummary[], images: Images): readonly Act[] {
  const folded = new Map<string, Act>()
  const names = new AnsweredNames(events)
  const sockets = new Map<string, string>()
  const ids = new Map<string, string>()
  // Sockets are known by the call that made them, so what is told of them later is looked at last.
  const [first, later] = [events.filter((event) => !isLater(event)), events.filter(isLater)]
  for (const event of [...first, ...later]) {
    const { body } = event
    if (!isAct(event, body)) continue
    const teller = tellerOf(event)
    const { process } = event.context
    const image = process === undefined ? undefined : images.find(teller, process, event.claimedAt)
    const socket = body.kind === 'connection' && body.socket !== undefined ? socketKey(event, body.socket) : undefined
    const words = [image?.draft.id ?? teller, ...identityOf(body)]
    const key = words.join('\0')
    const own = ids.get(key) ?? `${KINDS[body.kind]}.${short(...words)}`
    ids.set(key, own)
    const id = (isLater(event) && socket !== undefined ? sockets.get(socket) : undefined) ?? own
    if (socket !== undefined && !sockets.has(socket)) sockets.set(socket, id)
    const known = folded.get(id) ?? newAct(event, body, { id, image, names })
    folded.set(id, known)
    observe(known.draft, event, { status: isFailed(body) ? 'error' : 'ok' })
    if (body.kind === 'connection') addTuple(known.tuples, body)
  }
  return [...folded.values()]
}

/** What leads from an image to its acts. The kernel itself says which process acted, as it says who started whom. */
export function actEdges(acts: readonly Act[]): readonly DraftEdge[] {
  return acts.flatMap(({ image, draft, body }): readonly DraftEdge[] =>
    image === undefined ? [] : [{ from: image.draft.id, to: draft.id, kind: EDGES[body.kind], basis: 'lineage' }],
  )
}

function isAct({ context }: EventSummary, body: EventBody<ContentRef>): body is Act['body'] {
  // A record that names no process has no image to stand in.
  if (body.kind === 'process' && context.process !== undefined)
    return body.action === 'exec-failed' || (body.action === 'exec' && body.result < 0)
  return body.kind in KINDS
}

const KINDS: Readonly<Record<Act['body']['kind'], GraphNode['kind']>> = {
  process: 'process',
  file: 'file',
  connection: 'connection',
  dns: 'connection',
  kernel: 'kernel-act',
  'syscall-set': 'kernel-act',
}

const EDGES: Readonly<Record<Act['body']['kind'], DraftEdge['kind']>> = {
  process: 'spawned',
  file: 'touched',
  connection: 'connected',
  dns: 'connected',
  kernel: 'performed',
  'syscall-set': 'performed',
}

type Parts = { readonly id: string; readonly image: Image | undefined; readonly names: AnsweredNames }

function newAct(event: EventSummary, body: Act['body'], { id, image, names }: Parts): Act {
  const part = event.context.trace ?? event.context.session ?? event.agent.id
  const known = body.kind === 'connection' && body.remote !== undefined ? names.of(event, body.remote.address) : []
  const suffix = known.length === 0 ? '' : ` (${known.slice(0, MAX_NAMES).join(', ')})`
  const label = cut(`${labelOf(body)}${suffix}`)
  const draft = newDraft({ id, kind: KINDS[body.kind], label, part, name: label }, event)
  return { draft, image, body, tuples: new Set(), names: known }
}

function labelOf(body: Act['body']): string {
  switch (body.kind) {
    case 'dns':
      return `look up ${body.name}`
    case 'process':
      return 'binary' in body && isFailed(body) ? `failed to run ${body.binary}` : kernelLabel(body)
    case 'connection':
      // How much passed over a connection, and its end, are told of the connection that was made.
      return kernelLabel(body.action === 'flow' || body.action === 'close' ? { ...body, action: 'connect' } : body)
    case 'file':
    case 'kernel':
    case 'syscall-set':
      return kernelLabel(body)
  }
}

/** What two events must share to be of one node, beside the image. */
function identityOf(body: Act['body']): readonly string[] {
  const outcome = isFailed(body) ? 'failed' : 'done'
  switch (body.kind) {
    case 'process':
      return ['process', body.action, kernelLabel(body), outcome]
    case 'file':
      return ['file', body.action, body.path, body.to ?? '', outcome]
    case 'connection':
      return ['connection', body.protocol, outcome, ...connectionIdentity(body)]
    case 'dns':
      return ['dns', body.name]
    case 'kernel':
      return ['kernel', body.action, body.target, outcome]
    case 'syscall-set':
      return ['syscall-set']
  }
}

function connectionIdentity(body: Body<'connection'>): readonly string[] {
  switch (body.action) {
    case 'connect':
    case 'flow':
    case 'close':
      return ['connect', endOf(body.remote ?? body.local)]
    case 'accept':
      // The port of a client is another one each time.
      return ['accept', endOf(body.local), body.remote?.address ?? '']
    case 'bind':
      return ['bind', endOf(body.local)]
    case 'refused':
    case 'unlisted':
      return [body.action, body.refused ?? '', endOf(body.remote ?? body.local)]
  }
}

/** EINPROGRESS: a connection that is on its way, as every socket that does not block answers. */
const EINPROGRESS = -115

function isFailed(body: Act['body']): boolean {
  return 'result' in body && body.result < 0 && !(body.kind === 'connection' && body.result === EINPROGRESS)
}

/** What passed over a connection, and its end. */
function isLater({ body }: EventSummary): boolean {
  return body.kind === 'connection' && (body.action === 'flow' || body.action === 'close')
}

function addTuple(tuples: Set<string>, { protocol, local, remote }: Body<'connection'>): void {
  if (local !== undefined && remote !== undefined) tuples.add(tupleOf(protocol, local, remote))
}

/** A five-tuple as one text. */
export function tupleOf(protocol: string, local: SocketEnd, remote: SocketEnd): string {
  return `${protocol} ${endOf(local)} ${endOf(remote)}`
}

function endOf(end: SocketEnd | undefined): string {
  return end === undefined ? '' : `${end.address}|${end.port}`
}

/** Cookies of sockets are unique within one boot, which the name of a process begins with. */
function socketKey(event: EventSummary, socket: string): string {
  return `${tellerOf(event)}\n${bootOf(event)}\n${socket}`
}

function bootOf({ context }: EventSummary): string {
  return context.process?.split('.')[0] ?? ''
}

/** Which names DNS answers gave for an address: those that the process itself got, else those of its host. */
class AnsweredNames {
  readonly #byScope = new Map<string, Map<string, Set<string>>>()

  constructor(events: readonly EventSummary[]) {
    for (const event of events) {
      const { body } = event
      if (body.kind !== 'dns' || body.action !== 'answer') continue
      for (const scope of scopesOf(event)) {
        const known = this.#byScope.get(scope) ?? new Map<string, Set<string>>()
        this.#byScope.set(scope, known)
        for (const answer of body.answers) {
          const names = known.get(answer)
          if (names === undefined) known.set(answer, new Set([body.name]))
          else if (names.size < MAX_ADDRESS_NAMES) names.add(body.name)
        }
      }
    }
  }

  of(event: EventSummary, address: string): readonly string[] {
    for (const scope of scopesOf(event)) {
      const names = this.#byScope.get(scope)?.get(address)
      if (names !== undefined) return [...names].toSorted()
    }
    return []
  }
}

/** Names remembered for one address; events come sorted, so that the same ones are kept. */
const MAX_ADDRESS_NAMES = 64

function scopesOf(event: EventSummary): readonly string[] {
  const teller = tellerOf(event)
  const { process } = event.context
  return process === undefined ? [teller] : [`${teller}\n${process}`, `${teller}\n${bootOf(event)}`]
}
