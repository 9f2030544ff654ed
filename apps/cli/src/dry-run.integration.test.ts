import { readdirSync } from 'node:fs'
import type { Answer } from '@holdfast/api'
import { hostileIncident } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { commandTree } from './testing/command-tree.ts'
import { hostileLines } from './testing/hostile-lines.ts'
import { HostileSweep } from './testing/hostile-sweep.ts'

let sweep: HostileSweep
let known: Readonly<Record<string, string>> = {}
beforeAll(async () => {
  sweep = await HostileSweep.start(['desk'])
  await sweep.send(hostileIncident('desk'))
  await vi.waitFor(
    async () => {
      const [incident] = (await sweep.get<Answer<'listIncidents'>>('/api/v1/incidents')).items
      const [agent] = (await sweep.get<Answer<'listAgents'>>('/api/v1/agents')).items
      expect(incident).toBeDefined()
      known = { ID: incident?.id ?? '', INCIDENT: incident?.id ?? '', AGENT: agent?.id ?? '', TARGET: agent?.id ?? '' }
    },
    { timeout: 120_000, interval: 500 },
  )
}, 240_000)
afterAll(async () => sweep?.[Symbol.asyncDispose]())

test('whatever asks for a reason can be tried without writing', async () => {
  const writing = (await commandTree()).filter(({ flags }) => flags.includes('reason'))
  expect(writing.length).toBeGreaterThan(40)
  expect(writing.filter(({ flags }) => !flags.includes('dry-run')).map(({ words }) => words.join(' '))).toEqual([])
})

test('a dry run of every command that writes says what would be asked, and the log is as long as before', async () => {
  const before = await entries()
  const files = readdirSync(sweep.folder)
  const said: unknown[] = []
  for (const leaf of await commandTree()) {
    if (!leaf.flags.includes('dry-run')) continue
    const [line = []] = hostileLines(leaf, { known: { ...known, T: TIME, TIME, VALUE: '1' }, text: 'desk', turn: 0 })
    const words = line.slice(0, leaf.words.length)
    const { code, stdout, stderr } = await sweep.line([...words, '--dry-run', ...line.slice(words.length)])
    expect([code, stderr]).not.toEqual([70, expect.anything()])
    if (stdout.startsWith('{') && stderr.includes('dry run: nothing was written'))
      said.push({ words, code, ...(JSON.parse(stdout) as object) })
  }
  expect(said).toContainEqual(
    expect.objectContaining({
      words: ['roster', 'retire'],
      code: 0,
      dryRun: true,
      method: 'POST',
      path: '/api/v1/roster/decisions',
      body: { decision: { do: 'retire', agent: known['AGENT'] }, reason: 'desk' },
    }),
  )
  // Many cannot be made from one word: they end before, as they would without it.
  expect(said.length).toBeGreaterThan(25)
  expect(await entries()).toBe(before)
  expect(readdirSync(sweep.folder)).toEqual(files)
})

test('a dry run refuses what the server would refuse, and a command that writes nothing has none', async () => {
  const long = await sweep.line(['roster', 'retire', '--dry-run', '--reason', 'x'.repeat(2_000), '--', 'desk'])
  expect(long).toMatchObject({ code: 2, stdout: '' })
  expect(await sweep.line(['agents', '--dry-run'])).toMatchObject({ code: 2, stdout: '' })
})

const TIME = '2026-11-22T00:00:00Z'

async function entries(): Promise<number> {
  return (await sweep.get<Answer<'getIntegrity'>>('/api/v1/integrity')).size
}
