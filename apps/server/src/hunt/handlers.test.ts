import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountRole } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import type { Call, Handlers } from '../http/handlers.ts'
import { huntHandlers } from './handlers.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-hunts-'))
const recorded: string[] = []
let recorder: Recorder
let reader: LogReader
let handlers: Pick<Handlers, 'hunt' | 'huntFacets'>

beforeAll(async () => {
  recorder = await Recorder.open({ folder, clock: wallClock })
  reader = LogReader.open({ folder })
  const views = { ask: async () => '{}' }
  const reveals = { record: async (by: string, target: string) => void recorded.push(`${by}: ${target}`) }
  handlers = huntHandlers({ recorder, reader, views, reveals })
})
afterAll(async () => {
  reader[Symbol.dispose]()
  await recorder[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('a viewer hunts by names and not through captured texts, whose words it could guess', async () => {
  const by = (role: AccountRole, q: string) =>
    ({ query: { q }, caller: { name: role, role, approves: [] } }) as unknown as Call<'hunt'> & Call<'huntFacets'> // all that they look at
  for (const name of ['hunt', 'huntFacets'] as const) {
    recorded.length = 0
    expect(await handlers[name](by('viewer', 'tool:wire_refund'))).toBe('{}')
    await expect(handlers[name](by('viewer', 'text:secret'))).rejects.toMatchObject({
      status: 403,
      message: 'a hunt through captured text needs the role analyst, and viewer is viewer; leave out "text:"',
    })
    await expect(handlers[name](by('viewer', '-text:secret'))).rejects.toMatchObject({ status: 403 })
    expect(recorded).toEqual([])
    expect(await handlers[name](by('analyst', 'text:secret'))).toBe('{}')
    expect(recorded).toEqual(['analyst: hunt secret'])
  }
})
