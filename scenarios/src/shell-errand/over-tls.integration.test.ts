import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { startModelServer } from '@holdfast/testkit'
import type { Script } from '@holdfast/testkit'
import { expect, test } from 'vitest'

import { startHoldfast } from '../testing/holdfast.ts'
import { startTlsRelay } from '../testing/tls-relay.ts'

type Node = { readonly kind: string; readonly label: string; readonly tiers?: readonly string[] }
type Graph = { readonly nodes: readonly Node[]; readonly contradictions: readonly unknown[] }

const AGENT = fileURLToPath(new URL('openai-agents-agent.ts', import.meta.url))

test('each model call that the agent tells of and that was read from its TLS is one node of both, in its conversation', async ({
  skip,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-tls-errand-'))
  try {
    // Our own data file; a rule that is wrong in it makes the model answer 400 and the agent fail.
    const script = JSON.parse(readFileSync(new URL('script.json', import.meta.url), 'utf8')) as Script
    await using model = await startModelServer({ script })
    await using relay = await startTlsRelay(model.url)
    await using holdfast = await startHoldfast()
    const { code, said } = await holdfast.run(['--conditions=@holdfast/source', AGENT, 'left', 'right'], {
      ERRANDS_FOLDER: folder,
      OPENAI_API_KEY: 'scripted',
      OPENAI_BASE_URL: `${relay.url}/v1`,
      NODE_EXTRA_CA_CERTS: relay.certificate,
    })
    if (code !== 0) throw new Error(`the agent ended with ${code}: ${said}`)
    skip(said.includes('less is seen'), said)
    for (const errand of ['left', 'right']) {
      const graph = (await holdfast.get(`/conversations/errand-${errand}/graph`)) as Graph // the route's shape
      const acts = graph.nodes.filter(({ kind }) => kind === 'model-call' || kind === 'model-output' || kind === 'tool')
      expect(acts.map(({ kind }) => kind).toSorted()).toEqual([
        'model-call',
        'model-call',
        'model-output',
        'model-output',
        'tool',
      ])
      for (const { tiers } of acts) expect(tiers).toEqual(['boundary', 'self-reported'])
      expect(graph.contradictions).toEqual([])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
