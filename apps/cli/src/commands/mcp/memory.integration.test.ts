import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { holdfastIn } from '../../testing/holdfast.ts'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'
import { apiOf, eventsOnce, ofKind } from './testing/proxied.ts'

const NOTES = fileURLToPath(new URL('./testing/notes-server.ts', import.meta.url))
const RULES = `version: 1
classes:
  - { name: health, regulated: true, found: ['(?i)\\bdiabetes\\b', '(?i)\\bmg metformin\\b'] }
  - { name: contact, regulated: true, keepDays: 30, found: ['[\\w.]+@[\\w.]+'] }
memories:
  - { server: memory, write: save_note, id: key, delete: delete_note }
`

let folder = ''
let server: TestServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-memory-'))
  server = await startTestServer()
  writeFileSync(join(folder, 'data-rules.yaml'), RULES)
  expect(holdfast('roster', 'data', 'data-rules.yaml', '--reason', 'retention').status).toBe(0)
}, 120_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function env(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', ...server.env, XDG_STATE_HOME: join(folder, 'state') }
}

const holdfast = (...args: readonly string[]) => holdfastIn(folder, args, env())

/** An agent's client before its memory. */
async function connected(name: string): Promise<Client> {
  const client = new Client({ name: 'probe', version: '1.0.0' })
  const command = [process.execPath, NOTES, join(folder, 'notes.json')]
  const args = [...CLI_PROGRAM, 'mcp', '--name', name, '--memory', 'enforce', '--', ...command]
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env: env(), cwd: folder }))
  return client
}

const stored = (): string => readFileSync(join(folder, 'notes.json'), 'utf8')
const save = (client: Client, key: string, note: string, label?: string) =>
  client.callTool({
    name: 'save_note',
    arguments: { key, note },
    ...(label === undefined ? {} : { _meta: { 'holdfast/data-class': label } }),
  })
async function search(client: Client, words: string): Promise<string> {
  const { content } = await client.callTool({ name: 'search_notes', arguments: { words } })
  return JSON.stringify(content)
}

test('nothing regulated is remembered without its label and a rule; what expired comes back to no agent and is taken out', async () => {
  const desk = await connected('desk')
  await save(desk, 'n-1', 'The lamp of order 7 is broken')
  await expect(save(desk, 'n-2', 'Kim has Diabetes, type 2')).rejects.toMatchObject({
    code: -32_085,
    data: { fault: 'unlabelled', label: 'health', tool: 'save_note' },
  })
  await expect(save(desk, 'n-2', 'Kim has Diabetes, type 2', 'health')).rejects.toMatchObject({
    data: { fault: 'no-rule' },
  })
  await expect(save(desk, 'n-3', 'Write to kim@example.com about it')).rejects.toMatchObject({
    data: { fault: 'unlabelled', label: 'contact' },
  })
  await save(desk, 'n-3', 'Write to kim@example.com about it', 'contact')
  expect(JSON.parse(stored())).toEqual({
    'n-1': 'The lamp of order 7 is broken',
    'n-3': 'Write to kim@example.com about it',
  })
  expect(await search(desk, 'it')).toContain('kim@example.com')
  await desk.close()

  // Thirty days later: what was written down of the note is of that day, and holds no word of it.
  const [ledger = ''] = globSync(join(folder, 'state', '**', 'memory', '*.jsonl'))
  const written = readFileSync(ledger, 'utf8')
  expect(written).not.toContain('kim')
  const line = JSON.parse(written) as { readonly until: number; readonly forget: object }
  expect(line.until - Date.now()).toBeGreaterThan(29 * 86_400_000)
  const over = { ...line, until: Date.now() - 1 }
  // A memory that nobody can tell to forget keeps what it has: it is withheld.
  const { forget: _, ...untold } = over
  writeFileSync(ledger, `${JSON.stringify(untold)}\n`)
  const front = await connected('front')
  const recalled = await search(front, 'e')
  expect(recalled).not.toContain('kim@example.com')
  expect(recalled).toContain('to be remembered no longer')
  expect(recalled).toContain('The lamp of order 7 is broken')
  await front.close()
  expect(stored()).toContain('kim@example.com')

  // One that can is told to before it is used again.
  writeFileSync(ledger, `${JSON.stringify(over)}\n`)
  const back = await connected('back')
  expect(await search(back, 'e')).toContain('The lamp of order 7 is broken')
  await back.close()
  expect(JSON.parse(stored())).toEqual({ 'n-1': 'The lamp of order 7 is broken' })

  const events = await eventsOnce(apiOf(server), (all) => ofKind(all, 'guardrail').length === 5)
  expect(ofKind(events, 'guardrail').map(({ agent, facts }) => [agent.name, facts['name'], facts['verdict']])).toEqual([
    ['desk', 'memory', 'refused'],
    ['desk', 'memory', 'refused'],
    ['desk', 'memory', 'refused'],
    ['front', 'memory', 'withheld'],
    ['back', 'memory', 'purged'],
  ])
  // What the proxy asked by itself is no act of the agent.
  const called = ofKind(events, 'tool-call').map(({ agent, facts }) => [agent.name, facts['toolName']])
  expect(called.filter(([name]) => name === 'back')).toEqual([['back', 'search_notes']])
  await vi.waitFor(
    () => {
      const found = JSON.parse(holdfast('bom', 'findings', '--json').stdout) as readonly { readonly title: string }[]
      expect(found.map(({ title }) => title)).toEqual(
        expect.arrayContaining([
          'desk was to remember data of the class health',
          'data of the class contact came back to front after its time',
        ]),
      )
    },
    { timeout: 60_000, interval: 300 },
  )
}, 180_000)
