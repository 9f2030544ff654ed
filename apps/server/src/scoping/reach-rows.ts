import { type EventSummary, kernelLabel } from '@holdfast/model'
import type { ReachRow } from './audit-answer.ts'
import type { Drawn } from './derive-scope.ts'
import { PROOFS_SHOWN } from './limits.ts'
import type { Material } from './material.ts'

/** What code of the case touched or could touch, by its kernel events; undefined where no kernel saw anything of it. */
export function reachRows({ events, incident }: Material, { agents }: Drawn): readonly ReachRow[] | undefined {
  const ids = new Set<string>(agents)
  const own = events.filter(({ agent, source }) => ids.has(agent.id) && source.tier === 'kernel')
  if (own.length === 0) return undefined
  const named = new Set<string>(incident.signals.flatMap((signal) => signal.events))
  const rows = new Map<string, ReachRow>()
  for (const { id, agent, body, entry } of own) {
    const kind = reachKind(body)
    if (kind === undefined) continue
    // The kinds of kernel bodies that reachKind knows.
    const name = kernelLabel(body as Parameters<typeof kernelLabel>[0])
    const key = `${agent.id} ${kind} ${name}`
    const before = rows.get(key)
    if (before === undefined)
      rows.set(key, { key, agent: agent.id, kind, name: name.slice(0, 300), isSignal: named.has(id), entries: [entry] })
    else {
      if (before.entries.length < PROOFS_SHOWN) before.entries.push(entry)
      if (named.has(id)) rows.set(key, { ...before, isSignal: true })
    }
  }
  return [...rows.values()].toSorted((a, b) => Number(b.isSignal) - Number(a.isSignal) || compare(a.key, b.key))
}

function reachKind(body: EventSummary['body']): ReachRow['kind'] | undefined {
  if (body.kind === 'process') return body.action === 'exec' ? 'process' : undefined
  if (body.kind === 'file') return body.isForeign ? 'neighbour' : body.isSensitive ? 'file' : undefined
  if (body.kind === 'connection')
    return body.action === 'connect' && body.remote !== undefined
      ? body.protocol === 'unix'
        ? 'socket'
        : 'host'
      : undefined
  if (body.kind !== 'kernel') return undefined
  if (body.action === 'mount' || body.action === 'pivot-root' || body.action === 'chroot') return 'mount'
  return body.action === 'ptrace' || body.action === 'process-vm' || body.action === 'setns' ? 'neighbour' : 'host'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
