import type { ClaimedEffect, Contradiction } from '@holdfast/model'

import { MAX_CONTRADICTIONS, MAX_CLIMB } from '../limits.ts'
import type { Draft } from './draft.ts'
import type { Conversation } from './join.ts'
import type { Act } from './kernel-acts.ts'
import type { Image } from './kernel-images.ts'
import { cut } from './label.ts'

/**
 * Where a claim and what the kernel saw exclude each other. Silence of the kernel counts only between two witnesses: tool
 * calls of the same process whose children were seen, one before and one after. Each order is read from one clock alone,
 * the agent's for its calls, the kernel's for processes.
 */
export function findContradictions(
  joined: Conversation,
  images: readonly Image[],
  acts: readonly Act[],
): readonly Contradiction[] {
  const claims = joined.parts.flatMap((part) => part.claims)
  const watched = watchOf(joined, images)
  const actsBy = Map.groupBy(acts, ({ image }) => image)
  const found = [
    ...claims.flatMap((claim) => withoutEffect(joined, watched, claim)),
    ...claims.flatMap((claim) => differing(joined, { watched, acts: actsBy, claim })),
    ...withoutCall(watched, images),
  ]
  const key = ({ kind, claimed, seen }: Contradiction): string => JSON.stringify([kind, claimed, seen])
  return found.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, MAX_CONTRADICTIONS)
}

/** A tool call that claims an effect. */
export type Claim = { readonly tool: string; readonly effect: ClaimedEffect }

type Witness = { readonly tool: Draft; readonly image: Image }

/** The outermost of the calls that witness for each other. */
type Span = { first: Witness; last: Witness }

type Watched = {
  /** Processes that a tool call started itself. */
  readonly started: ReadonlyMap<string, readonly Image[]>
  /** What runs below an image, itself first. */
  readonly below: (image: Image) => readonly Image[]
  /** What a node contains, by the tree of spans. */
  readonly contained: ReadonlyMap<string, readonly string[]>
  /** By the process that started the calls' processes and by the kernel's clock. */
  readonly byParent: ReadonlyMap<string, Span>
  /** By that process, the source and name of the tool, and the clock of the source. */
  readonly byTool: ReadonlyMap<string, readonly Span[]>
  readonly ended: ReadonlySet<string>
}

function watchOf(joined: Conversation, images: readonly Image[]): Watched {
  const byNode = new Map(images.map((image) => [image.draft.id, image]))
  const started = new Map<string, Image[]>()
  const contained = new Map<string, string[]>()
  const byParent = new Map<string, Span>()
  const perTool = new Map<string, Map<string, Span>>()
  for (const edge of joined.edges) {
    if (edge.kind === 'contains') push(contained, edge.from, edge.to)
    const image = edge.kind === 'spawned' && edge.basis === 'trace' ? byNode.get(edge.to) : undefined
    if (image === undefined) continue
    push(started, edge.from, image)
    const tool = joined.drafts.get(edge.from)
    const parent = (image.before ?? image).parentKey
    if (tool?.kind !== 'tool' || parent === undefined) continue
    const witness = { tool, image }
    widen(byParent, watchKey(image, parent), witness, (each) => ({ from: each.image.at, to: each.image.at }))
    const spans = perTool.get(toolKey(tool)) ?? new Map<string, Span>()
    perTool.set(toolKey(tool), spans)
    widen(spans, watchKey(image, parent), witness, (each) => ({
      from: each.tool.ownUntil ?? each.tool.ownAt,
      to: each.tool.ownAt,
    }))
  }
  const children = new Map<Image, Image[]>()
  for (const image of images) {
    const above = image.before ?? image.parent
    if (above !== undefined) push(children, above, image)
  }
  const below = (root: Image): readonly Image[] => {
    const all = new Set([root])
    for (const image of all) for (const child of children.get(image) ?? []) all.add(child)
    return [...all]
  }
  const ended = new Set(
    images.flatMap(({ exit, teller, process }) => (exit === undefined ? [] : [`${teller}\n${process}`])),
  )
  const byTool = new Map([...perTool].map(([key, spans]) => [key, [...spans.values()]]))
  return { started, below, contained, byParent, byTool, ended }
}

/** Ties go to the smaller node id, so that arrival decides nothing. */
function widen(
  spans: Map<string, Span>,
  key: string,
  witness: Witness,
  timesOf: (witness: Witness) => { readonly from: bigint; readonly to: bigint },
): void {
  const known = spans.get(key)
  if (known === undefined) {
    spans.set(key, { first: witness, last: witness })
    return
  }
  const isSmaller = (a: Witness, b: Witness): boolean => a.image.draft.id < b.image.draft.id
  const own = timesOf(witness)
  const first = timesOf(known.first).from
  if (own.from < first || (own.from === first && isSmaller(witness, known.first))) known.first = witness
  const last = timesOf(known.last).to
  if (own.to > last || (own.to === last && isSmaller(witness, known.last))) known.last = witness
}

function watchKey({ teller }: Image, parent: string): string {
  return `${teller}\n${parent}`
}

function toolKey({ source, name }: Draft): string {
  return `${source}\n${name}`
}

/** A command that was run, by its own word, while the kernel saw the same tool's commands before and after, and none of it. */
function withoutEffect(joined: Conversation, watched: Watched, { tool: id, effect }: Claim): readonly Contradiction[] {
  const tool = joined.drafts.get(id)
  if (effect.kind !== 'command' || tool === undefined || tool.status !== 'ok' || tool.got === undefined) return []
  const span = (watched.byTool.get(toolKey(tool)) ?? []).find(
    ({ first, last }) =>
      (first.tool.ownUntil ?? first.tool.ownAt) < tool.ownAt && last.tool.ownAt > (tool.ownUntil ?? tool.ownAt),
  )
  if (span === undefined || hasProcess(watched, id)) return []
  return [
    {
      kind: 'call-without-effect',
      claimed: [id],
      seen: [...new Set([span.first.image.draft.id, span.last.image.draft.id])].toSorted(),
      detail: cut(
        `${tool.label} says that it ran a command; the kernel saw none, though it saw those before and after`,
      ),
    },
  ]
}

/** True where the call, or anything that ran inside it, started a process. Past the bound it is taken to have. */
function hasProcess({ started, contained }: Watched, tool: string): boolean {
  const inside = new Set([tool])
  for (const node of inside) {
    if (started.has(node) || inside.size > MAX_CLIMB) return true
    for (const child of contained.get(node) ?? []) inside.add(child)
  }
  return false
}

type Compared = {
  readonly watched: Watched
  readonly acts: ReadonlyMap<Image | undefined, readonly Act[]>
  readonly claim: Claim
}

/** The call's own processes, each seen from its exec to its exit, did the same to something else. */
function differing(joined: Conversation, { watched, acts, claim }: Compared): readonly Contradiction[] {
  const tool = joined.drafts.get(claim.tool)
  const roots = watched.started.get(claim.tool) ?? []
  if (tool === undefined || tool.status !== 'ok' || roots.length === 0) return []
  const images = [...new Set(roots.flatMap(watched.below))]
  if (!images.every((image) => isWhole(watched, image))) return []
  const own = images.flatMap((image) => acts.get(image) ?? [])
  const { others, target } = othersOf(own, claim.effect)
  if (others.length === 0) return []
  const seen = others
    .map(({ draft }) => draft.label)
    .slice(0, 3)
    .join(', ')
  return [
    {
      kind: 'different-effect',
      claimed: [claim.tool],
      seen: others.map(({ draft }) => draft.id).toSorted(),
      detail: cut(`${tool.label} claims ${target}; the kernel saw ${seen}`),
    },
  ]
}

function othersOf(
  acts: readonly Act[],
  effect: ClaimedEffect,
): { readonly others: readonly Act[]; readonly target: string } {
  switch (effect.kind) {
    case 'file-write':
      return { others: otherFiles(acts, effect.path), target: effect.path }
    case 'request':
      return { others: otherHosts(acts, effect.host), target: effect.host }
    case 'command':
      return { others: [], target: '' }
  }
}

/** Seen from its beginning to the exit of its process. */
function isWhole({ ended }: Watched, image: Image): boolean {
  return (image.exec !== undefined || image.parent !== undefined) && ended.has(`${image.teller}\n${image.process}`)
}

/** Files that were written in place of `path`; none where it may be among them under another spelling. */
function otherFiles(acts: readonly Act[], path: string): readonly Act[] {
  const written = acts.filter(({ body }) => body.kind === 'file' && WRITES.has(body.action) && body.result >= 0)
  const name = path.slice(path.lastIndexOf('/') + 1)
  const isMet = written.some(
    ({ body }) =>
      body.kind === 'file' && [body.path, body.to ?? ''].some((seen) => seen === path || seen.endsWith(`/${name}`)),
  )
  // Devices and the kernel's own files are how programs speak, not what they leave.
  const left = written.filter(({ body }) => body.kind === 'file' && !/^\/(dev|proc|sys)\//.test(body.path))
  return isMet ? [] : left
}

const WRITES: ReadonlySet<string> = new Set(['write', 'create', 'rename'])

/** Names that were looked up in place of `host`. An address alone proves nothing: a name has many, and proxies stand between. */
function otherHosts(acts: readonly Act[], host: string): readonly Act[] {
  const asked = acts.filter(({ body }) => body.kind === 'dns')
  const isMet = acts.some(
    ({ body, names }) =>
      (body.kind === 'dns' && (body.name === host || body.name.startsWith(`${host}.`))) ||
      (body.kind === 'connection' &&
        (body.remote?.address === host || names.includes(host) || body.action === 'refused')),
  )
  const isReached = acts.some(
    ({ body, names }) => body.kind === 'connection' && body.action === 'connect' && names.length > 0,
  )
  return isMet || !isReached ? [] : asked
}

/** A program that the agent's process started between two of its tool calls' programs, and that no act accounts for. */
function withoutCall({ byParent }: Watched, images: readonly Image[]): readonly Contradiction[] {
  return images.flatMap((image): readonly Contradiction[] => {
    const { parentKey } = image.before ?? image
    if (image.exec === undefined || parentKey === undefined || isCovered(image)) return []
    const span = byParent.get(watchKey(image, parentKey))
    if (span === undefined || span.first.image.at >= image.at || span.last.image.at <= image.at) return []
    const what = `the kernel saw ${image.draft.label} started by the agent's process`
    return [
      {
        kind: 'effect-without-call',
        claimed: [...new Set([span.first.tool.id, span.last.tool.id])].toSorted(),
        seen: [image.draft.id],
        detail: cut(`${what}, and no call or step of the agent accounts for it`),
      },
    ]
  })
}

/** An image with a context of its own belongs to whatever that names, seen here or not. */
function isCovered({ basis, before }: Image): boolean {
  return (basis !== undefined && basis !== 'run') || (before !== undefined && before.exec !== undefined)
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}
