import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { traceRequest } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { cli } from './testing/run.ts'
import { startTestServer, type TestServer } from './testing/server.ts'
import { DOCUMENT, TRANSCRIPT_STORY } from './testing/transcript-story.ts'
import { follow, masked, readTranscript, writeTranscript, type Step } from './testing/transcript.ts'

const FOLDER = fileURLToPath(new URL('../../../docs/transcripts/', import.meta.url))
const documents = readdirSync(FOLDER).filter((name) => name.endsWith('.md') && name !== 'README.md')

let server: TestServer
let cwd = ''
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'holdfast-transcripts-'))
  server = await startTestServer()
  for (const spans of TRANSCRIPT_STORY) await send(spans)
  const seen = async (...args: readonly string[]) =>
    JSON.parse((await cli([...args, '--json'], { env: server.env, cwd })).stdout) as unknown
  await vi.waitFor(
    async () => {
      expect(await seen('incidents', 'list')).toHaveLength(1)
      expect(await seen('agents')).toHaveLength(2)
      expect(await seen('readers', DOCUMENT)).toMatchObject({ readers: [{}, {}] })
    },
    { timeout: 120_000, interval: 200 },
  )
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(cwd, { recursive: true, force: true })
})

test.each(documents)('%s: who follows it sees what it says', async (name) => {
  const path = join(FOLDER, name)
  const read = readTranscript(readFileSync(path, 'utf8'))
  const followed: Step[][] = []
  for (const { steps } of read.blocks) {
    const shown: Step[] = []
    for (const { line } of steps) shown.push({ line, follows: await follow(line, { env: server.env, cwd }) })
    followed.push(shown)
  }
  const seen = writeTranscript(read, followed)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, seen)
  expect(masked(seen)).toBe(masked(readFileSync(path, 'utf8')))
})

async function send(spans: Parameters<typeof traceRequest>[0]): Promise<void> {
  const response = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(traceRequest(spans)),
  })
  expect(response.ok).toBe(true)
}
