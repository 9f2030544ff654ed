import { mkdtempSync, rmSync } from 'node:fs'
import { ServerResponse, IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
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
const signals: (AbortSignal | undefined)[] = []
let recorder: Recorder
let reader: LogReader
let handlers: Pick<Handlers, 'hunt' | 'huntFacets'>

beforeAll(async () => {
  recorder = await Recorder.open({ folder, clock: wallClock })
  reader = LogReader.open({ folder })
  const views = {
    ask: async (_question: unknown, _args: unknown, left?: AbortSignal) => {
      signals.push(left)
      return '{}'
    },
  }
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
    ({
      query: { q },
      caller: { name: role, role, approves: [] },
      reply: { raw: response() },
    }) as unknown as Call<'hunt'> & Call<'huntFacets'> // all that they look at
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

test('a hunt that nobody waits for any more is left, and one that was answered is not', async () => {
  for (const isAnswered of [false, true]) {
    const raw = response()
    const call = { query: {}, caller: { name: 'ann', role: 'analyst', approves: [] }, reply: { raw } }
    await handlers.hunt(call as unknown as Call<'hunt'>) // as above
    if (isAnswered) raw.end('{}')
    expect(signals.at(-1)?.aborted).toBe(false)
    raw.emit('close')
    expect(signals.at(-1)?.aborted).toBe(!isAnswered)
  }
})

function response(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()))
}
