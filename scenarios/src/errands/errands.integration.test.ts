import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { startModelServer } from '@holdfast/testkit'
import type { Script } from '@holdfast/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startHoldfast } from '../testing/holdfast.ts'

type Node = { readonly id: string; readonly kind: string; readonly label: string; readonly events: readonly string[] }
type Edge = { readonly from: string; readonly to: string; readonly kind: string; readonly basis: string }
type Graph = { readonly nodes: readonly Node[]; readonly edges: readonly Edge[] }
type Seen = {
  readonly blind: string
  readonly graphs: ReadonlyMap<Errand, Graph>
  /** The local port that each page was asked from. */
  readonly ports: ReadonlyMap<string, number>
  readonly portOf: ReadonlyMap<string, number>
}
type Errand = (typeof ERRANDS)[number]

const ERRANDS = ['left', 'right'] as const
const folder = mkdtempSync(join(tmpdir(), 'holdfast-errands-'))
let seen: Seen

beforeAll(async () => {
  seen = await runErrands()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(ERRANDS)('errand %s', (errand) => {
  test('prompt, tool call, process, file and connection are one path without a guess', ({ skip }) => {
    skip(seen.blind !== '', seen.blind)
    const graph = graphOf(errand)
    const file = nodeOf(graph, (node) => node.kind === 'file' && node.label.endsWith(`${folder}/${errand}.txt`))
    const site = connectionFrom(graph, `/command-${errand}`)
    for (const end of [file, site]) {
      const path = pathTo(graph, end)
      const kinds = path.map(({ node }) => node.kind)
      expect(kinds).toEqual(['message', 'model-call', 'model-output', 'tool', 'process', ...kinds.slice(5)])
      expect(kinds.slice(5)).toEqual(end === file ? ['file'] : ['process', 'connection'])
      expect(path.slice(1).map(({ basis }) => basis)).toEqual([
        'trace',
        'trace',
        'call-id',
        'trace',
        ...path.slice(5).map(() => 'lineage'),
      ])
    }
    expect(graph.edges.filter(({ basis }) => basis === 'temporal')).toEqual([])
  })

  test('what a tool asks from within the agent is joined by its socket', ({ skip }) => {
    skip(seen.blind !== '', seen.blind)
    const graph = graphOf(errand)
    const path = pathTo(graph, connectionFrom(graph, `/page-${errand}`))
    expect(path.map(({ node }) => node.kind).slice(-3)).toEqual(['tool', 'connection', 'connection'])
    expect(path.slice(-2).map(({ basis }) => basis)).toEqual(['trace', 'socket'])
    expect(path.at(-3)?.node.label).toBe('read_page')
  })

  test('nothing of the other one is in it', ({ skip }) => {
    skip(seen.blind !== '', seen.blind)
    const graph = graphOf(errand)
    const other = errand === 'left' ? 'right' : 'left'
    const ports = new Set(eventsOf(graph).flatMap((id) => seen.portOf.get(id) ?? []))
    for (const page of [`/command-${errand}`, `/page-${errand}`]) expect(ports).toContain(seen.ports.get(page))
    for (const page of [`/command-${other}`, `/page-${other}`]) expect(ports).not.toContain(seen.ports.get(page))
    expect(graph.nodes.map(({ label }) => label).filter((label) => label.endsWith(`${folder}/${other}.txt`))).toEqual(
      [],
    )
    // A connection that is kept alive may serve both; then both claim it, and it is the only thing that they share.
    const theirs = new Set(eventsOf(graphOf(other)))
    const shared = eventsOf(graph).filter((id) => id.startsWith('kernel.') && theirs.has(id))
    expect(shared.filter((id) => !id.endsWith('.connection'))).toEqual([])
  })
})

/** Both errands at once in one process of one run, watched by a real sensor. */
async function runErrands(): Promise<Seen> {
  // Our own data file; a rule that is wrong in it makes the model answer 400 and the agent fail.
  const script = JSON.parse(readFileSync(new URL('script.json', import.meta.url), 'utf8')) as Script
  await using model = await startModelServer({ script })
  await using site = await startSite()
  await using holdfast = await startHoldfast()
  const source = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url))
  const args = [
    '--conditions=@holdfast/source',
    '--import',
    source('telemetry.ts'),
    source('errands/agent.ts'),
    ...ERRANDS,
  ]
  const { code, said } = await holdfast.run(args, {
    ERRANDS_FOLDER: folder,
    ERRANDS_SITE: site.url,
    OPENAI_API_KEY: 'scripted',
    OPENAI_BASE_URL: `${model.url}/v1`,
    OTEL_METRICS_EXPORTER: 'none',
  })
  if (code !== 0) throw new Error(`the agent ended with ${code}: ${said}`)
  const blind = said.includes('less is seen') ? said : ''
  const graphs = new Map<Errand, Graph>()
  const portOf = new Map<string, number>()
  for (const errand of ERRANDS) {
    // The shape is that of the route (packages/api).
    const graph = (await holdfast.get(`/conversations/errand-${errand}/graph`)) as Graph
    graphs.set(errand, graph)
    for (const id of eventsOf(graph).filter((event) => event.startsWith('kernel.') && event.endsWith('.connection'))) {
      const { facts } = (await holdfast.get(`/events/${encodeURIComponent(id)}`)) as {
        readonly facts: { readonly local?: string }
      }
      if (facts.local !== undefined) portOf.set(id, Number(facts.local.split(':').at(-1)))
    }
  }
  return { blind, graphs, ports: site.ports, portOf }
}

/** Answers a page only when the same page of the other errand was asked for: so both go on at once, on sockets of their own. */
async function startSite() {
  const ports = new Map<string, number>()
  const waiting = new Map<string, () => void>()
  const server = createServer((request, response) => {
    const page = request.url ?? ''
    ports.set(page, request.socket.remotePort ?? 0)
    waiting.set(page, () => response.end(`This is ${page}.`))
    const both = ERRANDS.map((errand) => waiting.get(page.replace(/left|right/, errand)))
    for (const answer of both) if (!both.includes(undefined)) answer?.()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has such an address
  return {
    url: `http://127.0.0.1:${port}`,
    ports,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function graphOf(errand: Errand): Graph {
  const graph = seen.graphs.get(errand)
  if (graph === undefined) throw new Error(`no graph of ${errand}`)
  return graph
}

function eventsOf(graph: Graph): readonly string[] {
  return graph.nodes.flatMap(({ events }) => events)
}

function nodeOf(graph: Graph, isMeant: (node: Node) => boolean): Node {
  const [node, ...others] = graph.nodes.filter(isMeant)
  if (node === undefined || others.length > 0) throw new Error(`${others.length + 1} nodes of ${graph.nodes.length}`)
  return node
}

/** The kernel's connection over which that page was asked for. */
function connectionFrom(graph: Graph, page: string): Node {
  const port = seen.ports.get(page)
  return nodeOf(graph, ({ events }) => events.some((id) => port !== undefined && seen.portOf.get(id) === port))
}

/** The shortest way from the user's message to a node, each step with the basis of the edge that leads there. */
function pathTo(graph: Graph, end: Node): readonly { readonly node: Node; readonly basis: string }[] {
  const start = nodeOf(graph, ({ kind, label }) => kind === 'message' && label.startsWith('user'))
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const paths = new Map([[start.id, [{ node: start, basis: '' }]]])
  // A Map is iterated in the order of insertion, those that come while it is iterated as well: nearest first.
  for (const [id, path] of paths)
    for (const { from, to, basis } of graph.edges) {
      const node = nodes.get(to)
      if (from === id && node !== undefined && !paths.has(to)) paths.set(to, [...path, { node, basis }])
    }
  return paths.get(end.id) ?? []
}
