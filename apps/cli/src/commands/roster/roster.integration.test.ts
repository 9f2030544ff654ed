import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { holdfastIn } from '../../testing/holdfast.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'

let folder = ''
let server: TestServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-roster-'))
  server = await startTestServer()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const holdfast = (args: readonly string[], env: Readonly<Record<string, string>> = server.env) =>
  holdfastIn(folder, args, env)

const desk = ['--owner', 'support', '--version', '1.4.0', '--class', 'support', '--reason', 'first release']

test('a roster is decided step by step, each on record, signed, verified offline and taken over elsewhere', async () => {
  expect(holdfast(['roster', 'add', 'desk', ...desk, '--new-key', 'desk.key', '--peers', 'billing,mail']).status).toBe(
    0,
  )
  expect(holdfast(['roster', 'pin', 'desk', '--version', '1.5.0', '--reason', 'CHG-7']).status).toBe(0)
  expect(holdfast(['roster', 'close', '--reason', 'all are in']).status).toBe(0)
  writeFileSync(join(folder, 'rules.yaml'), 'version: 1\nclasses: [{ name: contact, regions: [eu] }]\n')
  expect(holdfast(['roster', 'data', 'rules.yaml', '--reason', 'CHG-8']).status).toBe(0)
  const shown = JSON.parse(holdfast(['roster', 'show', '--json']).stdout)
  expect(shown).toMatchObject({
    mode: 'closed',
    agents: [{ agent: 'desk', version: '1.5.0', owner: 'support', peers: ['billing', 'mail'], state: 'active' }],
  })
  expect(fieldFaults(shown, documentedFields('roster show --json'))).toEqual([])
  expect(shown.agents[0].decided).toMatchObject({ reason: 'CHG-7' })

  expect(holdfast(['roster', 'export', '--out', 'roster.note']).status).toBe(0)
  const verified = holdfast(['roster', 'verify', 'roster.note', '--key', shown.key, '--json'], {})
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, mode: 'closed', agents: [{ version: '1.5.0' }] })
  expect(verified.status).toBe(0)
  writeFileSync(
    join(folder, 'forged.note'),
    readFileSync(join(folder, 'roster.note'), 'utf8').replace('1.5.0', '1.5.1'),
  )
  const forged = holdfast(['roster', 'verify', 'forged.note', '--key', shown.key], {})
  expect(forged.stdout).toContain('a signature that does not hold')
  expect(forged.status).toBe(1)

  await using other = await startTestServer()
  const taken = ['--key', shown.key, '--reason', 'second site']
  expect(holdfast(['roster', 'import', 'forged.note', ...taken], other.env).status).toBe(2)
  expect(holdfast(['roster', 'import', 'roster.note', ...taken], other.env).status).toBe(0)
  const there = JSON.parse(holdfast(['roster', 'show', '--json'], other.env).stdout)
  expect(there.agents[0]).toMatchObject({ agent: 'desk', version: '1.5.0', key: shown.agents[0].key })
  expect(there.mode).toBe('closed')
  expect(there.dataRules.rules).toEqual({ version: 1, classes: [{ name: 'contact', regions: ['eu'] }], endpoints: [] })
})

test('an entry that lacks a field or cannot be right is refused', () => {
  expect(holdfast(['roster', 'add', 'x', ...desk]).stderr).toContain('--new-key')
  expect(holdfast(['roster', 'add', 'x', ...desk, '--key', 'short']).status).toBe(4)
  expect(holdfast(['roster', 'add', 'x', ...desk, '--new-key', 'x.key', '--peers', 'x']).status).toBe(2)
  expect(holdfast(['roster', 'pin', 'nobody', '--version', '2', '--reason', 'r']).status).toBe(4)
})
