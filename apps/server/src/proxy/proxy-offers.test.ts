import { agentIdOf, type UnixNano } from '@holdfast/model'
import { CUTS, type Decision, type ResponseScope } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { holdOfParts } from './hold-parts.ts'
import type { OnlineProxy } from './online-proxies.ts'
import { proxyOffers, serverState } from './proxy-offers.ts'

const id = agentIdOf({ kind: 'host', service: 'desk', host: 'node-1' })
const DIGEST = 'a'.repeat(64)
const tool = (name: string) => ({ name, definition: DIGEST })

function proxy(server: string, names: readonly string[], more: Partial<OnlineProxy> = {}): OnlineProxy {
  return {
    kind: 'mcp-proxy',
    start: '0'.repeat(16),
    agent: id,
    agentName: 'desk',
    target: server,
    server,
    catalogue: { digest: DIGEST, isWhole: true, tools: names.map(tool) },
    known: [],
    seen: 0n as UnixNano, // any time
    ...more,
  }
}

function scope(more: Partial<ResponseScope>): ResponseScope {
  const own = { id, name: 'desk', pods: [], nodes: [], images: [] }
  return {
    incident: 'inc-1',
    agents: [own],
    principals: [],
    tools: [],
    items: [],
    channels: [],
    edges: [],
    destinations: [],
    ...more,
  }
}

/** Of a decision only rung and cuts are asked. */
function decision(rung: Decision['rung'], cuts: readonly string[] = []): Decision {
  const chosen = CUTS.filter(({ id }) => cuts.includes(id)).map((cut) => ({
    ...cut,
    because: 'test',
    approval: 'with-rung' as const,
  }))
  return { rung, steps: [], cuts: chosen } as unknown as Decision // the rest is not read
}

const holdsOf = (offers: ReturnType<typeof proxyOffers>) => offers.map(({ target }) => holdOfParts(target.parts ?? []))

test('a tool that fired is offered for withdrawal where a proxy of that agent stands before it, and no other', () => {
  const tools = [
    { agent: id, tool: 'refund', isMisused: true },
    { agent: id, tool: 'read', isMisused: false },
    { agent: id, tool: 'shell', isMisused: true },
  ]
  const offers = proxyOffers([proxy('pay', ['refund', 'read'])], scope({ tools }), decision('restrict'))
  expect(holdsOf(offers)).toEqual([{ server: 'pay', hold: { kind: 'withdraw-tool', tool: 'refund' } }])
  expect(offers[0]).toMatchObject({
    provider: 'proxy',
    agent: id,
    serves: { kind: 'rung' },
    target: { name: 'refund of pay' },
  })
  const other = agentIdOf({ kind: 'host', service: 'other', host: 'node-1' })
  const ofOther = proxyOffers([proxy('pay', ['refund'], { agent: other })], scope({ tools }), decision('restrict'))
  expect(ofOther).toEqual([])
  // A proxy alone does not cut off all that an agent reaches.
  expect(proxyOffers([proxy('pay', ['refund'])], scope({ tools }), decision('soft-quarantine'))).toEqual([])
})

test('a tainted item is quarantined by the name that results give it, a tool description by withdrawing the tool', () => {
  const base = { agent: id, isTainted: true } as const
  const items = [
    { ...base, kind: 'document', source: 'kb', id: 'kb://12', digest: DIGEST },
    { ...base, kind: 'message', source: 'tool:read_mail', id: '{"id":"MSG-2210"}' },
    { ...base, kind: 'message', source: 'tool:read_mail', id: 'event-id' },
    { ...base, kind: 'tool-description', source: 'kb', id: 'search' },
    { ...base, kind: 'document', source: 'vector-store', id: 'doc-9' },
    { ...base, kind: 'document', source: 'kb', id: 'kb://1', isTainted: false },
  ] as const
  const proxies = [proxy('kb', ['search']), proxy('mail', ['read_mail'])]
  expect(holdsOf(proxyOffers(proxies, scope({ items }), decision('watch', ['quarantine-item'])))).toEqual([
    { server: 'kb', hold: { kind: 'quarantine-item', id: 'kb://12', digest: DIGEST } },
    { server: 'mail', hold: { kind: 'quarantine-item', id: 'MSG-2210' } },
    { server: 'kb', hold: { kind: 'withdraw-tool', tool: 'search' } },
  ])
})

test('a channel that brought taint is closed: the tool, the place of its documents, or the server that described itself', () => {
  const items = [{ agent: id, kind: 'document', source: 'kb', id: 'kb://12', isTainted: true }] as const
  const channels = ['tool:read_mail', 'tool-description:kb', 'document:kb', 'user', 'tool:gone'].map((channel) => ({
    agent: id,
    channel,
    broughtTaint: true,
  }))
  const proxies = [proxy('kb', ['search']), proxy('mail', ['read_mail'])]
  expect(holdsOf(proxyOffers(proxies, scope({ items, channels }), decision('watch', ['close-channel'])))).toEqual([
    { server: 'mail', hold: { kind: 'close-channel', tool: 'read_mail' } },
    { server: 'kb', hold: { kind: 'quarantine-server' } },
    { server: 'kb', hold: { kind: 'close-channel', resource: 'kb://' } },
  ])
})

test('a store whose items have no place of their own is closed with the server that goes by its name', () => {
  const items = [{ agent: id, kind: 'document', source: 'kb', id: 'kb-pricing', isTainted: true }] as const
  const channels = ['document:kb', 'memory:notes', 'memory:gone'].map((channel) => ({
    agent: id,
    channel,
    broughtTaint: true,
  }))
  const proxies = [proxy('kb', ['search']), proxy('notes', ['recall'])]
  expect(holdsOf(proxyOffers(proxies, scope({ items, channels }), decision('watch', ['close-channel'])))).toEqual([
    { server: 'kb', hold: { kind: 'quarantine-server' } },
    { server: 'notes', hold: { kind: 'quarantine-server' } },
  ])
})

test('tools that write memory are held by their names, and those that read it are not', () => {
  const proxies = [
    proxy('memory', ['create_entities', 'search_nodes', 'delete_relations']),
    proxy('desk', ['saveMemory', 'recallMemory', 'add_ticket']),
  ]
  const items = [{ agent: id, kind: 'document', source: 'kb', id: 'kb://12', isTainted: true }] as const
  expect(holdsOf(proxyOffers(proxies, scope({ items }), decision('watch', ['hold-memory'])))).toEqual([
    { server: 'memory', hold: { kind: 'hold-memory', tools: ['create_entities', 'delete_relations'] } },
    { server: 'desk', hold: { kind: 'hold-memory', tools: ['saveMemory'] } },
  ])
})

test('memory is held of agents that a tainted item came to or that acted, and of none that was only reached', () => {
  const offered = (more: Partial<ResponseScope>) =>
    proxyOffers([proxy('memory', ['create_entities'])], scope(more), decision('watch', ['hold-memory'])).length
  const item = { agent: id, kind: 'document', source: 'kb', id: 'kb://12', isTainted: true } as const
  const principal = { agent: id, name: 'desk', authority: 'other', used: [] } as const
  expect(offered({ items: [item] })).toBe(1)
  expect(offered({ tools: [{ agent: id, tool: 'refund', isMisused: true }] })).toBe(1)
  expect(offered({ principals: [{ ...principal, isMisused: true }] })).toBe(1)
  const other = agentIdOf({ kind: 'host', service: 'other', host: 'node-1' })
  expect(
    offered({
      items: [
        { ...item, isTainted: false },
        { ...item, agent: other },
      ],
      tools: [{ agent: id, tool: 'refund', isMisused: false }],
      principals: [{ ...principal, isMisused: false }],
    }),
  ).toBe(0)
})

test('a catalogue with a tainted definition is pinned without it, and another catalogue is another state', () => {
  const items = [{ agent: id, kind: 'tool-description', source: 'kb', id: 'evil', isTainted: true }] as const
  const proxies = [proxy('kb', ['search', 'evil'])]
  const [offer, ...others] = proxyOffers(proxies, scope({ items }), decision('watch', ['pin-corpus']))
  expect(others).toEqual([])
  expect(holdOfParts(offer?.target.parts ?? [])?.hold).toMatchObject({ kind: 'pin-catalogue', tools: [tool('search')] })
  expect(offer?.target.state).toBe(serverState(proxies, id, 'kb'))
  const changed = [proxy('kb', [], { catalogue: { digest: 'b'.repeat(64), isWhole: true, tools: [] } })]
  expect(serverState(changed, id, 'kb')).not.toBe(offer?.target.state)
})
