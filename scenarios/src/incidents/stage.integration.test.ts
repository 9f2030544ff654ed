import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { castOf } from './cast.ts'
import { Stage } from './stage.ts'

// A proxy is a process that starts first.
vi.setConfig({ testTimeout: 120_000 })

/** Nobody listens there. */
const GONE = { url: 'http://127.0.0.1:1', otlpUrl: 'http://127.0.0.1:1', token: 'none' }
const WORKLOAD = { namespace: 'desk', deployment: 'clerk' }

let folder = ''
let home = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-stage-'))
  home = mkdtempSync(join(tmpdir(), 'holdfast-home-'))
  vi.stubEnv('HOME', home)
  vi.stubEnv('XDG_STATE_HOME', join(home, 'state'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const made of [folder, home]) rmSync(made, { recursive: true, force: true })
})

test('what a proxy of a run could not deliver lies in the folder of the run, and nowhere else', async () => {
  await using stage = new Stage({ holdfast: GONE, cast: castOf('refund-agent'), t0: 0, folder, tell: () => undefined })
  const rules = [{ when: { system: 'You file letters' }, reply: { text: 'Filed.' } }]
  const proxy = await stage.modelProxy(await stage.model({ rules }), WORKLOAD)
  const answer = await fetch(`${proxy}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'system', content: 'You file letters' }] }),
  })
  expect(answer.status).toBe(200)
  await stage[Symbol.asyncDispose]()
  const kept = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  expect(kept.filter((path) => /^state\/holdfast\/proxy-spool-[0-9a-f]{12}\/.+/.test(path))).not.toEqual([])
  expect(existsSync(join(home, 'state')) || existsSync(join(home, '.local'))).toBe(false)
})
