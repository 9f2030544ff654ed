import { createHash } from 'node:crypto'
import { catalogueDigest } from '@holdfast/capture'
import { canonicalJson, writesMemory, type ProxyHold } from '@holdfast/model'
import type { Decision, Offer, PlanTarget, ResponseScope, ScopedItem } from '@holdfast/respond'
import { MIN_ITEM_ID, PINNED_TOOLS } from './limits.ts'
import { partsOf } from './hold-parts.ts'
import type { OnlineProxy } from './online-proxies.ts'

export const PROXY_PROVIDER = 'proxy'

/** One MCP server of an agent, as its proxies describe it. */
type Served = {
  readonly agent: string
  readonly server: string
  readonly tools: NonNullable<OnlineProxy['catalogue']>['tools']
  readonly isWhole: boolean
}

/** What proxies that run could take away from the agents of an incident: only what they were seen to offer. */
export function proxyOffers(
  proxies: readonly OnlineProxy[],
  scope: ResponseScope,
  { rung, steps, cuts }: Decision,
): readonly Offer[] {
  const served = scope.agents.flatMap(({ id }) => servedOf(proxies, id))
  const wanted = new Set<string>(cuts.map(({ id }) => id))
  const offers = [
    ...((steps[0]?.rung ?? rung) === 'restrict' ? restricted(served, scope) : []),
    ...(wanted.has('quarantine-item') ? quarantined(served, scope) : []),
    ...(wanted.has('close-channel') ? closed(served, scope) : []),
    ...(wanted.has('hold-memory') ? memoryHeld(served, scope) : []),
    ...(wanted.has('pin-corpus') ? pinned(served, scope) : []),
  ]
  return offers.map(({ at, serves, target, hold }) => ({
    provider: PROXY_PROVIDER,
    agent: at.agent,
    serves,
    target: {
      ...target,
      parts: partsOf({ server: at.server, hold }),
      state: serverState(proxies, at.agent, at.server),
    },
  }))
}

/**
 * Digest of what a step bites into: the server's catalogue as each proxy of the agent saw it last. Another one is another
 * target; none that runs is a state of its own.
 */
export function serverState(proxies: readonly OnlineProxy[], agent: string, server: string): string {
  const seen = proxies
    .filter((proxy) => proxy.agent === agent && (server === '' || proxy.server === server))
    .map(({ kind, catalogue }) => `${kind} ${catalogue?.digest ?? ''}`)
  return createHash('sha256')
    .update(canonicalJson([...new Set(seen)].toSorted((a, b) => (a < b ? -1 : 1))))
    .digest('hex')
}

type Given = {
  readonly at: Served
  readonly serves: Offer['serves']
  readonly target: Pick<PlanTarget, 'kind' | 'name'>
  readonly hold: ProxyHold
}

function servedOf(proxies: readonly OnlineProxy[], agent: string): readonly Served[] {
  const servers = new Map<string, Served>()
  for (const { agent: of, server, catalogue } of proxies) {
    if (of !== agent || server === undefined) continue
    const { tools = [], isWhole = false } = catalogue ?? {}
    const before = servers.get(server)
    if (before === undefined || tools.length > before.tools.length)
      servers.set(server, { agent, server, tools, isWhole })
  }
  return [...servers.values()]
}

function has({ tools }: Served, tool: string): boolean {
  return tools.some(({ name }) => name === tool)
}

/** The tools that fired, where a proxy stands before them. */
function restricted(served: readonly Served[], { tools }: ResponseScope): readonly Given[] {
  return tools
    .filter(({ isMisused }) => isMisused)
    .flatMap(({ agent, tool, server }) =>
      served
        .filter((at) => at.agent === agent && has(at, tool) && (server === undefined || server === at.server))
        .map((at): Given => {
          const target = { kind: 'tool', name: `${tool} of ${at.server}` } as const
          return { at, serves: { kind: 'rung' }, target, hold: { kind: 'withdraw-tool', tool } }
        }),
    )
}

function quarantined(served: readonly Served[], { items }: ResponseScope): readonly Given[] {
  const serves = { kind: 'cut', cut: 'quarantine-item' } as const
  return items
    .filter(({ isTainted }) => isTainted)
    .flatMap((item) =>
      served
        .filter((at) => at.agent === item.agent && mayBring(at, item))
        .flatMap((at): readonly Given[] => {
          if (item.kind === 'tool-description') {
            const target = { kind: 'tool', name: `${item.id} of ${at.server}` } as const
            return [{ at, serves, target, hold: { kind: 'withdraw-tool', tool: item.id } }]
          }
          const id = nameOf(item)
          if (id === undefined) return []
          const digest = /^[0-9a-f]{64}$/.test(item.digest ?? '') ? { digest: item.digest ?? '' } : {}
          const target = { kind: 'document', name: `${id} of ${at.server}` } as const
          return [{ at, serves, target, hold: { kind: 'quarantine-item', id, ...digest } }]
        }),
    )
}

/** An item that went by a proxy: a resource or definition of its server, or what one of its tools answered. */
function mayBring(at: Served, { kind, source, id }: ScopedItem): boolean {
  if (kind === 'tool-description') return source === at.server && has(at, id)
  return source === at.server || (source.startsWith('tool:') && has(at, source.slice('tool:'.length)))
}

/** What results name the item by; a message is named by the arguments that asked for it, where they are one. */
function nameOf({ kind, id }: ScopedItem): string | undefined {
  const name = kind === 'message' ? onlyText(id) : id
  return name === undefined || name.length < MIN_ITEM_ID ? undefined : name
}

function onlyText(json: string): string | undefined {
  try {
    const read: unknown = JSON.parse(json)
    const values: readonly unknown[] = typeof read === 'object' && read !== null ? Object.values(read) : []
    const [only] = values
    return values.length === 1 && typeof only === 'string' ? only : undefined
  } catch {
    // Not arguments but the id of an event, by which no result names it.
    return undefined
  }
}

function closed(served: readonly Served[], { channels, items }: ResponseScope): readonly Given[] {
  const serves = { kind: 'cut', cut: 'close-channel' } as const
  return channels
    .filter(({ broughtTaint }) => broughtTaint)
    .flatMap(({ agent, channel }) => {
      const at = channel.indexOf(':')
      const [kind, of] = [channel.slice(0, at), channel.slice(at + 1)]
      const own = served.filter((one) => one.agent === agent)
      if (kind === 'tool') {
        return own
          .filter((one) => has(one, of))
          .map((one): Given => {
            const target = { kind: 'channel', name: `${of} of ${one.server}` } as const
            return { at: one, serves, target, hold: { kind: 'close-channel', tool: of } }
          })
      }
      const servers = own.filter(({ server }) => server === of)
      if (kind === 'tool-description') {
        return servers.map((one): Given => {
          return { at: one, serves, target: { kind: 'channel', name: of }, hold: { kind: 'quarantine-server' } }
        })
      }
      if (kind !== 'document' && kind !== 'memory') return []
      const from = items.filter((item) => item.agent === agent && item.isTainted && item.source === of)
      const places = new Set(from.flatMap(({ id }) => /^[a-z][a-z0-9+.-]*:\/\//i.exec(id)?.[0] ?? []))
      // Where its items have no place of their own, the store is the whole server that goes by its name.
      if (places.size === 0)
        return servers.map((one): Given => {
          return { at: one, serves, target: { kind: 'channel', name: of }, hold: { kind: 'quarantine-server' } }
        })
      return servers.flatMap((one) =>
        [...places].map((resource): Given => {
          const target = { kind: 'channel', name: `${resource} of ${one.server}` } as const
          return { at: one, serves, target, hold: { kind: 'close-channel', resource } }
        }),
      )
    })
}

/** Of agents that may write down what they were told: a tainted item came to them, or they did something with what they may do. */
function memoryHeld(served: readonly Served[], { items, tools: called, principals }: ResponseScope): readonly Given[] {
  const concerned = new Set<string>([
    ...items.filter(({ isTainted }) => isTainted).map(({ agent }) => agent),
    ...[...called, ...principals].filter(({ isMisused }) => isMisused).map(({ agent }) => agent),
  ])
  return served.flatMap((at): readonly Given[] => {
    if (!concerned.has(at.agent)) return []
    const tools = at.tools.map(({ name }) => name).filter((tool) => writesMemory({ tool, server: at.server }))
    if (tools.length === 0) return []
    const target = { kind: 'channel', name: `memory of ${at.server}` } as const
    return [{ at, serves: { kind: 'cut', cut: 'hold-memory' }, target, hold: { kind: 'hold-memory', tools } }]
  })
}

/** The catalogue of a server whose definition carried taint, without that definition: no other one passes. */
function pinned(served: readonly Served[], { items }: ResponseScope): readonly Given[] {
  return served.flatMap((at): readonly Given[] => {
    const tainted = items.filter(
      ({ agent, kind, isTainted, source }) =>
        agent === at.agent && kind === 'tool-description' && isTainted && source === at.server,
    )
    if (tainted.length === 0 || !at.isWhole || at.tools.length > PINNED_TOOLS) return []
    const tools = at.tools.filter(({ name }) => !tainted.some(({ id }) => id === name))
    const digest = catalogueDigest(tools)
    const target = { kind: 'corpus', name: `tools of ${at.server}` } as const
    const serves = { kind: 'cut', cut: 'pin-corpus' } as const
    return [{ at, serves, target, hold: { kind: 'pin-catalogue', digest, tools } }]
  })
}
