import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { startModelServer } from '@holdfast/testkit'
import type { Script } from '@holdfast/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startHoldfast } from '../testing/holdfast.ts'
import type { Holdfast } from '../testing/holdfast.ts'

type Node = { readonly id: string; readonly kind: string; readonly label: string }
type Edge = { readonly from: string; readonly to: string; readonly kind: string; readonly basis: string }
type Graph = { readonly nodes: readonly Node[]; readonly edges: readonly Edge[] }

const ERRANDS = ['left', 'right'] as const
const FRAMEWORKS: readonly (readonly [name: string, agent: string, preload: string | undefined])[] = [
  ['LangGraph.js with OpenInference', 'langgraph-agent.ts', '../research-graph/instrument.ts'],
  ['Mastra with followMastra', 'mastra-agent.ts', undefined],
  ['OpenAI Agents JS with HoldfastTracingProcessor', 'openai-agents-agent.ts', undefined],
]

describe.each(FRAMEWORKS)('%s', (_name, agent, preload) => {
  let holdfast: Holdfast
  let said = ''
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-shell-'))

  beforeAll(async () => {
    holdfast = await startHoldfast()
    const { code, said: text } = await runErrands(holdfast, { agent, preload, folder })
    said = text
    if (code !== 0) throw new Error(`the agent ended with ${code}: ${said}`)
  })

  afterAll(async () => {
    await holdfast?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(ERRANDS)(
    'errand %s: its shell and its file stand under its own tool call, by its trace',
    async (errand) => {
      if (said.includes('less is seen')) return
      const graph = (await holdfast.get(`/conversations/errand-${errand}/graph`)) as Graph // the route's shape
      const [own, other] = errand === 'left' ? ERRANDS : ERRANDS.toReversed()
      const files = graph.nodes.filter(({ kind, label }) => kind === 'file' && label.includes(folder))
      expect(files.map(({ label }) => label)).toEqual([`write ${folder}/${own}.txt`])
      expect(
        graph.nodes.filter(({ label }) => label.includes(`${folder}/${other}.txt`) && label.startsWith('write')),
      ).toEqual([])
      const above = pathUp(graph, files[0])
      expect(
        above.map(({ kind, label, basis }) => `${basis} ${kind === 'process' ? kind : `${kind} ${label}`}`),
      ).toEqual(['lineage process', 'trace tool run_command'])
    },
  )
})

/** From a node upwards by what started or touched it, to the first act of the agent. */
function pathUp(graph: Graph, from: Node | undefined): readonly (Node & { readonly basis: string })[] {
  const path: (Node & { readonly basis: string })[] = []
  for (let at = from; at !== undefined && at.kind !== 'tool' && path.length < 10;) {
    const { id } = at
    const edges = graph.edges.filter(({ to, kind }) => to === id && (kind === 'spawned' || kind === 'touched'))
    // The act that started a program before the process that served it.
    const edge = edges.find(({ basis }) => basis === 'trace') ?? edges[0]
    at = graph.nodes.find((node) => node.id === edge?.from)
    if (at !== undefined && edge !== undefined) path.push({ ...at, basis: edge.basis })
  }
  return path
}

type Told = { readonly agent: string; readonly preload: string | undefined; readonly folder: string }

/** Both errands at once in one process of one run; each one's command waits for the other's. */
async function runErrands(holdfast: Holdfast, { agent, preload, folder }: Told) {
  // Our own data file; a rule that is wrong in it makes the model answer 400 and the agent fail.
  const script = JSON.parse(readFileSync(new URL('script.json', import.meta.url), 'utf8')) as Script
  await using model = await startModelServer({ script })
  const source = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
  const imports = preload === undefined ? [] : ['--import', source(preload)]
  return await holdfast.run(['--conditions=@holdfast/source', ...imports, source(agent), ...ERRANDS], {
    ERRANDS_FOLDER: folder,
    OPENAI_API_KEY: 'scripted',
    OPENAI_BASE_URL: `${model.url}/v1`,
    OTEL_METRICS_EXPORTER: 'none',
  })
}
