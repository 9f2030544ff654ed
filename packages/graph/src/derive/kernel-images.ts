import type { EventSummary, KernelContextBasis, ProcessKey } from '@holdfast/model'

import type { Draft } from './draft.ts'
import { newDraft, observe, short } from './draft.ts'
import { tellerOf } from './holders.ts'
import { cut, nodeLabel } from './label.ts'

/** One program that a process ran: from one exec to the next, or from its fork to its first exec. A node each. */
export type Image = {
  readonly draft: Draft
  readonly process: ProcessKey
  readonly teller: string
  /** First event by the kernel's clock, in ns. Compared with times of the same boot only. */
  readonly at: bigint
  /** The exec that began it; undefined where none was seen. */
  readonly exec: EventSummary | undefined
  readonly exit: EventSummary | undefined
  readonly trace: string | undefined
  readonly span: string | undefined
  readonly basis: KernelContextBasis | undefined
  /** The image before it in the same process. */
  readonly before: Image | undefined
  /** The image of the parent that started the process; undefined where it was not recorded. */
  parent: Image | undefined
  /** The parent process as the kernel named it first, recorded or not. */
  readonly parentKey: ProcessKey | undefined
}

export type Images = {
  readonly all: readonly Image[]
  /** The image that was running at a time; undefined for a process of which nothing was recorded. */
  readonly find: (teller: string, process: ProcessKey, at: bigint) => Image | undefined
}

/**
 * Splits the events of each process at its execs. Two tellers of one process are two, as for spans. Events come by the
 * kernel's clock.
 */
export function imagesOf(events: readonly EventSummary[]): Images {
  const byProcess = new Map<string, EventSummary[]>()
  const forks = new Map<string, Fork>()
  for (const event of events) {
    const { process } = event.context
    if (process === undefined) continue
    const key = keyOf(tellerOf(event), process)
    const known = byProcess.get(key)
    if (known === undefined) byProcess.set(key, [event])
    else known.push(event)
    noteFork(forks, event, process)
  }
  const chains = new Map<string, readonly Image[]>()
  const all: Image[] = []
  for (const [key, own] of byProcess) {
    const chain = chainOf(own, forks.get(key))
    chains.set(key, chain)
    for (const image of chain) all.push(image)
  }
  const find: Images['find'] = (teller, process, at) => runningAt(chains.get(keyOf(teller, process)) ?? [], at)
  for (const [key, chain] of chains) {
    const [first] = chain
    if (first?.parentKey === undefined || first.parentKey === first.process) continue
    first.parent = find(first.teller, first.parentKey, forks.get(key)?.at ?? first.at)
  }
  return { all, find }
}

type Fork = { readonly parent: ProcessKey; readonly at: bigint }

/** A thread is a fork into the own process. Of several tales of one fork the first by the kernel's clock stands. */
function noteFork(forks: Map<string, Fork>, event: EventSummary, parent: ProcessKey): void {
  const { body } = event
  if (body.kind !== 'process' || body.action !== 'fork' || body.child === parent) return
  const key = keyOf(tellerOf(event), body.child)
  const known = forks.get(key)
  const isFirst =
    known === undefined || event.claimedAt < known.at || (event.claimedAt === known.at && parent < known.parent)
  if (isFirst) forks.set(key, { parent, at: event.claimedAt })
}

function chainOf(events: readonly EventSummary[], fork: Fork | undefined): readonly Image[] {
  const groups: EventSummary[][] = []
  for (const event of events) {
    const last = groups.at(-1)
    if (last === undefined || isExec(event)) groups.push([event])
    else last.push(event)
  }
  const chain: Image[] = []
  for (const group of groups) {
    const [first] = group
    if (first !== undefined) chain.push(imageOf(first, group, { before: chain.at(-1), fork }))
  }
  return chain
}

type Origin = { readonly before: Image | undefined; readonly fork: Fork | undefined }

function imageOf(first: EventSummary, events: readonly EventSummary[], { before, fork }: Origin): Image {
  const process = first.context.process ?? ''
  const exec = isExec(first) ? first : undefined
  const id = `process.${exec === undefined ? short(tellerOf(first), process) : exec.id}`
  const label = exec === undefined ? `process ${process.split('.')[1] ?? ''}` : nodeLabel(exec.body)
  const part = first.context.trace ?? first.context.session ?? first.agent.id
  const draft = newDraft({ id, kind: 'process', label: cut(label), part, name: label }, first)
  let exit: EventSummary | undefined
  for (const event of events) {
    const { body } = event
    if (body.kind !== 'process' || body.action === 'exec-failed') continue
    observe(draft, event, {
      status: body.action === 'exit' && (body.exitCode !== 0 || body.signal !== 0) ? 'error' : 'ok',
      ...(body.action === 'exec' ? { given: body.arguments } : {}),
    })
    if (body.action === 'exit') exit = event
  }
  // Of a process that was running before, only acts were seen: it stands for the first of them, so that it has a time.
  if (draft.events.length === 0) observe(draft, first, { status: 'ok' })
  return {
    draft,
    process,
    teller: draft.teller,
    at: first.claimedAt,
    exec,
    exit,
    trace: first.context.trace,
    span: first.context.span,
    basis: first.context.contextBasis,
    before,
    parent: undefined,
    parentKey: before === undefined ? (fork?.parent ?? first.context.parentProcess) : undefined,
  }
}

/** The last image that began at or before a time, else the first. */
function runningAt(chain: readonly Image[], at: bigint): Image | undefined {
  let low = 0
  let high = chain.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((chain[middle]?.at ?? 0n) <= at) low = middle + 1
    else high = middle
  }
  return chain[Math.max(0, low - 1)]
}

/** One kernel wrote all of a process's records, so its clock orders them; equal times are told apart by id. */
export function byKernelClock(a: EventSummary, b: EventSummary): number {
  return a.claimedAt < b.claimedAt ? -1 : a.claimedAt > b.claimedAt ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function isExec({ body }: EventSummary): boolean {
  return body.kind === 'process' && body.action === 'exec' && body.result >= 0
}

function keyOf(teller: string, process: ProcessKey): string {
  return `${teller}\n${process}`
}
