import { availableParallelism } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import type { EdgeKind, ExecutionGraph, NodeKind, UnixNano } from '@holdfast/model'
import { blastRadius } from '@holdfast/respond'

/**
 * Blast radius of a graph of a million edges, beside the same traversal as a recursive query in SQLite, whose rows and index
 * are there beforehand. Both are given the same graph in each round and must find the same nodes; ours builds its index
 * anew each time, as it does when it is asked. Each line of output is one JSON document.
 */
const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, rounds: { type: 'string', default: '5' } },
})
const scale = Number(values.scale)
const rounds = Number(values.rounds)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

const EDGES = Math.max(100, Math.round(1_000_000 * scale))
const CONVERSATIONS = 8
const graphs = makeGraphs(Math.round(EDGES / 4))
const start = { conversation: 'c0', node: 'n0' }
const problems: string[] = []
const ratios: number[] = []

say({ bench: 'respond', node: process.version, cores: availableParallelism(), edges: EDGES, rounds })
const database = tableOf(graphs)
for (let round = 1; round <= rounds; round++) {
  const ours = timed(() => ourCount())
  const theirs = timed(() => sqliteCount(database))
  if (ours.found !== theirs.found) problems.push(`ours found ${ours.found} nodes, SQLite ${theirs.found}`)
  ratios.push(theirs.cpuMs / ours.cpuMs)
  say({
    round,
    nodes: ours.found,
    ours: { cpuMs: Math.round(ours.cpuMs), wallMs: Math.round(ours.wallMs) },
    sqlite: { cpuMs: Math.round(theirs.cpuMs), wallMs: Math.round(theirs.wallMs) },
  })
}
database.close()
const ordered = ratios.toSorted((a, b) => a - b)
say({
  bench: 'respond',
  result: problems.length === 0 ? 'ok' : 'WRONG',
  problems,
  sqliteCpuByOurs: { median: ordered[Math.floor(ordered.length / 2)], least: ordered[0], most: ordered.at(-1) },
})
process.exitCode = problems.length === 0 ? 0 : 1

function ourCount(): number {
  const { nodes } = blastRadius({
    graphs,
    crossings: crossings(),
    patientZero: [start],
    window: { from: 0n as UnixNano, until: 1_000n as UnixNano },
    facts: { of: () => undefined },
    authority: { reachOf: () => undefined },
  })
  return nodes.length
}

/** One conversation hands on to the next. */
function crossings() {
  return Array.from({ length: CONVERSATIONS - 1 }, (_, at) => ({
    from: [{ conversation: `c${at}`, node: 'n1' }],
    to: [{ conversation: `c${at + 1}`, node: 'n0' }],
  }))
}

/** The same every time: drawn from a xorshift of 32 bits. A tenth of the nodes lies outside the window. */
function makeGraphs(nodes: number): readonly ExecutionGraph[] {
  const kinds: readonly NodeKind[] = ['message', 'tool', 'document', 'identity', 'egress', 'model-call']
  const kind: EdgeKind = 'carried'
  const each = Math.max(8, Math.round(nodes / CONVERSATIONS))
  let seed = 2_463_534_242
  const next = (below: number): number => {
    seed ^= seed << 13
    seed ^= seed >>> 17
    seed ^= seed << 5
    return (seed >>> 0) % below
  }
  return Array.from({ length: CONVERSATIONS }, (_, at): ExecutionGraph => ({
    conversation: `c${at}`,
    agents: [],
    traces: [],
    nodes: Array.from({ length: each }, (__, node) => ({
      id: `n${node}`,
      kind: kinds[node % kinds.length] ?? 'tool',
      lane: 'tool',
      label: `l${node}`,
      agent: `a${at}`,
      claimedAt: node > 1 && node % 10 === 0 ? '5000' : '100',
      events: [],
      status: 'ok',
      contents: [],
      bytes: 0,
      tier: 'kernel',
      clock: 'live',
    })),
    edges: [
      { from: 'n0', to: 'n1', kind, basis: 'trace' },
      ...Array.from({ length: Math.round(EDGES / CONVERSATIONS) - 1 }, () => ({
        from: `n${next(each)}`,
        to: `n${next(each)}`,
        kind,
        basis: 'trace' as const,
      })),
    ],
    contradictions: [],
    unjoined: [],
    cut: { nodes: 0, edges: 0, hops: 0 },
  }))
}

function tableOf(made: readonly ExecutionGraph[]): DatabaseSync {
  const opened = new DatabaseSync(':memory:')
  opened.exec('CREATE TABLE node (id TEXT PRIMARY KEY, at INTEGER) WITHOUT ROWID; CREATE TABLE edge (a TEXT, b TEXT);')
  const node = opened.prepare('INSERT INTO node VALUES (?, ?)')
  const edge = opened.prepare('INSERT INTO edge VALUES (?, ?)')
  opened.exec('BEGIN')
  for (const { conversation, nodes, edges } of made) {
    for (const { id, claimedAt } of nodes) node.run(`${conversation}/${id}`, Number(claimedAt))
    for (const { from, to } of edges) edge.run(`${conversation}/${from}`, `${conversation}/${to}`)
  }
  for (const { from, to } of crossings())
    for (const a of from) for (const b of to) edge.run(`${a.conversation}/${a.node}`, `${b.conversation}/${b.node}`)
  opened.exec('COMMIT; CREATE INDEX by_a ON edge (a, b);')
  return opened
}

function sqliteCount(opened: DatabaseSync): number {
  const query = opened.prepare(`
    WITH RECURSIVE touched (id) AS (
      SELECT id FROM node WHERE id = 'c0/n0' AND at <= 1000
      UNION
      SELECT edge.b FROM touched JOIN edge ON edge.a = touched.id JOIN node ON node.id = edge.b WHERE node.at <= 1000
    ) SELECT count(*) AS n FROM touched`)
  return Number(query.get()?.['n'])
}

function timed(work: () => number): { readonly found: number; readonly cpuMs: number; readonly wallMs: number } {
  const cpu = process.cpuUsage()
  const began = performance.now()
  const found = work()
  const { user, system } = process.cpuUsage(cpu)
  return { found, cpuMs: (user + system) / 1_000, wallMs: performance.now() - began }
}
