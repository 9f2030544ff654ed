import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Answer } from '@holdfast/api'
import { MAILBOX, traceRequest } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { commandTree, examplesOf } from './testing/command-tree.ts'
import { documentedFields, fieldFaults } from './testing/documented-fields.ts'
import { JSON_FORMS, schemaFields } from './testing/json-forms.ts'
import { cli } from './testing/run.ts'
import { startTestServer, type TestServer } from './testing/server.ts'
import { shellWords } from './testing/shell-words.ts'
import { DOCUMENT, TRANSCRIPT_STORY } from './testing/transcript-story.ts'
import { follow, masked, readTranscript, writeTranscript, type Step } from './testing/transcript.ts'

const FOLDER = fileURLToPath(new URL('../../../docs/transcripts/', import.meta.url))
/** What the auditor has imported is refused, which is a gap that the server writes some seconds later: whoever else looks comes before. */
const documents = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .toSorted((a, b) => Number(a === 'auditor.md') - Number(b === 'auditor.md'))

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

test.each([
  'agents',
  'fleet',
  'bom show price-desk',
  'bom diff price-desk --from 2026-01-01T00:00:00Z',
  'bom findings',
  'bom identities',
  'bom risks',
  'roster show',
  'baseline observing',
  'graph price-question',
  'audit list',
  'drift list',
  'policy list',
  'policy generate price-desk',
  'policy verify',
  'policy rollout status',
  'diagnose ask --agent price-desk',
  'diagnose history',
  'scorecard show',
  'scorecard history',
  'attest list',
  'attest show today',
  'incidents list',
  'incidents show inc-',
  'incidents runbook inc-',
  'incidents plans inc-',
  'incidents audit inc-',
  'incidents recover inc-',
  'incidents metrics',
  'incidents standing inc-',
  'incidents timeline inc-',
  'duties list',
  'duties clocks inc-',
  'skills list',
  'skills show host-isolation',
  'skills runs',
  'detector show 0',
  'detector versions',
  'contain history',
  'corpus show',
  'response policy show',
  'notices list',
  'connectors platforms',
  'connectors sweep',
  'log checkpoint',
  'accounts list',
])('%s --json prints one document with the fields of the API’s schema', async (line) => {
  const words = [...JSON_FORMS.keys()].filter((known) => `${line} `.startsWith(`${known} `)).at(-1) ?? ''
  const form = JSON_FORMS.get(words)
  const fields = form?.kind === 'answer' ? schemaFields(form) : undefined
  if (form?.kind !== 'answer' || fields === undefined) throw new Error(`${words} prints no answer of the API`)
  const { stdout } = await cli([...line.split(' '), '--json'], { env: server.env, cwd })
  const printed: unknown = JSON.parse(stdout)
  expect(Array.isArray(printed)).toBe(form.isList === true)
  const documents: readonly unknown[] = Array.isArray(printed) ? printed : [printed]
  for (const one of documents) expect(fieldFaults(one, fields)).toEqual([])
})

test('graph --values reads back what a step was joined by, inert, and says that the reading is recorded', async () => {
  const run = (...args: readonly string[]) => cli(['graph', 'poisoned', ...args], { env: server.env, cwd })
  const { stderr } = await run()
  const [, step = ''] = /holdfast graph poisoned --values (\S+)/.exec(stderr) ?? []
  const printed: unknown = JSON.parse((await run('--values', step, '--json')).stdout)
  expect(fieldFaults(printed, documentedFields('graph ID --values STEP --json'))).toEqual([])
  expect(printed).toMatchObject({ values: [{ to: step, value: MAILBOX, fromLabel: 'read_document' }], more: 0 })
  const table = await run('--values', step)
  expect(table).toMatchObject({ code: 0, stdout: expect.stringContaining(MAILBOX) })
  expect(table.stderr).toContain('recorded')
  expect((await run('--values', step, '--limit', '3')).code).toBe(2)
  expect((await run('--values', 'nowhere')).code).toBe(4)
  const timeline = await cli(['incidents', 'timeline', 'inc-', '--json'], { env: server.env, cwd })
  expect(timeline.stdout).toContain('reveal-content')
})

test('a word that no name holds is counted in captured texts, and the command that lists them finds as many', async () => {
  for (const command of ['hunt', 'search']) {
    const { stderr } = await cli([command, 'percent'], { env: server.env, cwd })
    expect(stderr).toContain('no name holds that')
    const [, count = ''] = /captured texts of (\d+) events? do: holdfast hunt text:percent/.exec(stderr) ?? []
    const found = await cli(['hunt', 'text:percent', '--json'], { env: server.env, cwd })
    expect(Number(count)).toBeGreaterThan(0)
    expect(JSON.parse(found.stdout)).toHaveLength(Number(count))
    const asData = await cli([command, 'percent', '--json'], { env: server.env, cwd })
    expect(asData.stderr).not.toContain('captured texts')
  }
})

test('where nothing could be held, that is said before anybody asks for a plan, the reason that names the agent first', async () => {
  const decided = await cli(['incidents', 'plan', 'inc-', '--json'], { env: server.env, cwd })
  const { whyNoPlan } = JSON.parse(decided.stdout) as Answer<'planIncident'>
  expect(whyNoPlan?.[0]).toMatchObject({
    what: ['hold report-clerk'],
    why: expect.stringMatching(
      /^nothing of report-clerk runs where a connected sensor, cluster or account could hold it/,
    ),
  })
  const made = await cli(['incidents', 'plan', 'inc-', '--make'], { env: server.env, cwd })
  expect(made).toMatchObject({ code: 6, stdout: '' })
  expect(made.stderr).toMatch(/nothing would be done on \S+\nhold report-clerk: nothing of report-clerk runs /)
})

test('REG-7 the bundle of an incident verifies with fields hidden, custody and seals included, and quotes none of them', async () => {
  const out = join(cwd, 'hidden.zip')
  const redact = [
    '--redact',
    'gen_ai.*.messages',
    '--redact',
    'gen_ai.tool.call.arguments',
    '--redact',
    'gen_ai.tool.call.result',
  ]
  const wrong = await cli(['evidence', 'export', 'inc-', '--out', out, ...redact], { env: server.env, cwd })
  // A star stands at the end of a name alone.
  expect(wrong.stderr).toContain('has a field "gen_ai.*.messages"')
  const fields = ['--redact', 'gen_ai.input.*', '--redact', 'gen_ai.output.*', ...redact.slice(2)]
  await cli(['evidence', 'seal', 'inc-'], { env: server.env, cwd })
  expect((await cli(['evidence', 'export', 'inc-', '--out', out, ...fields], { env: server.env, cwd })).code).toBe(0)
  const { stdout } = await cli(['evidence', 'verify', out, '--json'], { cwd })
  const verified = JSON.parse(stdout) as { problems: unknown; custody: number; redacted: { entries: number } }
  expect(verified.problems).toEqual([])
  expect(verified.custody).toBeGreaterThan(0)
  expect(verified.redacted.entries).toBeGreaterThan(0)
  expect(readFileSync(out).includes(MAILBOX)).toBe(false)
})

const RESPONDING = new Set(['incidents', 'doctor', 'diagnose'])
const responding = (await commandTree()).filter(({ words: [root = ''] }) => RESPONDING.has(root))

test.each(responding.map((leaf) => [leaf.words.join(' '), leaf] as const))(
  '%s: the examples of its help run',
  async (_, leaf) => {
    const { stdout: help } = await cli([...leaf.words, '--help'])
    writeFileSync(join(cwd, 'trivy.json'), JSON.stringify({ SchemaVersion: 2, Results: [] }))
    const isWriting = leaf.flags.includes('dry-run')
    for (const [at, example] of examplesOf(help).entries()) {
      const args = [...shellWords(ofTheStory(example)).slice(1), ...(isWriting ? ['--dry-run'] : [])]
      const { code, stderr } = await cli(args, { env: server.env, cwd })
      // What a later example names need not be there, a check that it asks for may fail, and a machine may lack what it takes.
      const well = at === 0 && !isWriting ? [0, 1] : [0, 1, 4, 6, 69]
      expect(well, `${example}: ${stderr}`).toContain(code)
    }
  },
)

/** The line about what is on the server of the transcripts, without what a shell would do with its output. */
function ofTheStory(example: string): string {
  return example
    .replace(/ \| jq .*/, '')
    .replaceAll(/\binc-[0-9a-f]+/g, 'inc-')
    .replaceAll(/\b(?:support-desk|guideline-agent)\b/g, 'price-desk')
    .replaceAll(/--conversation \S+/g, '--conversation price-question')
}

async function send(spans: Parameters<typeof traceRequest>[0]): Promise<void> {
  const response = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(traceRequest(spans)),
  })
  expect(response.ok).toBe(true)
}
