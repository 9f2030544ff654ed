import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { traceRequest } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { poisonedReport } from '../../testing/poisoned-report.ts'
import { cli } from '../../testing/run.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'

let server: TestServer
let folder = ''
let incident = ''
const run = (...args: readonly string[]) => cli(args, { env: server.env, cwd: folder })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-scope-'))
  server = await startTestServer()
  const response = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(traceRequest({ service: 'report-clerk', trace: 'poisoned', spans: poisonedReport })),
  })
  expect(response.ok).toBe(true)
  incident = await vi.waitFor(
    async () => {
      const { stdout } = await run('incidents', 'list', '--json')
      const [first] = JSON.parse(stdout) as readonly { readonly id: string }[]
      if (first === undefined) throw new Error('nothing is judged yet')
      return first.id
    },
    { timeout: 60_000, interval: 200 },
  )
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('scope prints what was touched and can be fixed with a reason; nothing captured reaches the terminal raw', async () => {
  const shown = await run('incidents', 'scope', incident)
  expect(shown).toMatchObject({ code: 0 })
  expect(shown.stdout).toContain('read_document')
  expect(shown.stdout).not.toContain('\u001b[31m')
  const json = await run('incidents', 'scope', incident, '--json')
  expect(fieldFaults(JSON.parse(json.stdout), documentedFields('incidents scope ID --json'))).toEqual([])
  expect(await run('incidents', 'scope', incident, '--freeze')).toMatchObject({ code: 2 })
  const frozen = await run('incidents', 'scope', incident, '--freeze', '--reason', 'Analyze is done')
  expect(frozen.stdout).toContain('Analyze is done')
})

test('sweep prints each receiver, and ends well where none is undecided', async () => {
  const { code, stdout } = await run('incidents', 'sweep', incident, '--json')
  expect(code).toBe(0)
  expect(fieldFaults(JSON.parse(stdout), documentedFields('incidents sweep ID --json'))).toEqual([])
})

test('audit ends with 1 while something is open, takes marks and scans, and then ends well', async () => {
  const before = await run('incidents', 'audit', incident, '--json')
  expect(before.code).toBe(1)
  expect(fieldFaults(JSON.parse(before.stdout), documentedFields('incidents audit ID --json'))).toEqual([])
  expect(await run('incidents', 'audit', incident, '--mark', 'gate')).toMatchObject({ code: 2 })
  const marked = await run('incidents', 'audit', incident, '--mark', 'gate', '--as', 'settled', '--reason', 'a filter')
  expect(marked.stdout).toContain('nothing open')
  writeFileSync(join(folder, 'scan.json'), JSON.stringify({ matches: [] }))
  const scanned = await run('incidents', 'audit', incident, '--scan', 'scan.json', '--image', 'desk:2', '--json')
  expect((JSON.parse(scanned.stdout) as { readonly scans: readonly unknown[] }).scans).toMatchObject([
    { image: 'desk:2', scanner: 'grype', findings: 0 },
  ])
})

test('corpus keeps an item out, shows it, and lets it in again', async () => {
  const item = ['kb/pricing', '--source', 'kb', '--version', 'v9', '--reason', 'it carries an order'] as const
  const kept = await run('corpus', 'quarantine', ...item, '--json')
  const [row] = JSON.parse(kept.stdout) as readonly unknown[]
  expect(fieldFaults(row, documentedFields('corpus show --json'))).toEqual([])
  expect(await run('corpus', 'quarantine', ...item)).toMatchObject({ code: 6 })
  expect((await run('corpus', 'show', 'kb/pricing')).stdout).toContain('it carries an order')
  expect(await run('corpus', 'release', ...item)).toMatchObject({ code: 0 })
  expect(await run('corpus', 'release', ...item)).toMatchObject({ code: 6 })
})
