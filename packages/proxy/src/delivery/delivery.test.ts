import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProxySource } from '@holdfast/capture'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ENTRY_BYTES } from '../limits.ts'
import { Delivery, type SendOutcome } from './delivery.ts'
import type { Batch } from './spool.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'holdfast-spool-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const SOURCE: ProxySource = { kind: 'mcp-proxy', start: 'a1b2c3d4e5f60718', attributes: {}, pid: '1', target: 't' }
const AWAY: SendOutcome = { status: 'unreachable', reason: 'nobody there' }

/** A server that is there or not, and what it took. */
function serverOf(options: { isThere: boolean }) {
  const taken: Batch[] = []
  const said: string[] = []
  return {
    options,
    taken,
    said,
    open: (start: string) =>
      new Delivery({
        source: { ...SOURCE, start },
        spool: folder,
        send: async (batch) => {
          if (!options.isThere) return AWAY
          taken.push(batch)
          return { status: 'stored' }
        },
        onAway: (reason) => said.push(reason),
      }),
  }
}

/** The entries of a batch, as texts; and what it says was lost. */
function read(batch: Batch): { readonly entries: readonly string[]; readonly lost: number } {
  const body = Buffer.from(batch.body)
  const headTo = 4 + body.readUInt32LE(0)
  const { lost } = JSON.parse(body.toString('utf8', 4, headTo))
  const entries: string[] = []
  for (let at = headTo; at < body.length;) {
    const to = at + 4 + body.readUInt32LE(at)
    entries.push(body.toString('utf8', at + 4, to))
    at = to
  }
  return { entries, lost: lost?.records ?? 0 }
}

test('entries arrive in order and once, and nothing is made on disk', async () => {
  const server = serverOf({ isThere: true })
  const delivery = server.open(SOURCE.start)
  for (let i = 0; i < 1_500; i += 1) delivery.record(Buffer.from(String(i)))
  await delivery.close()
  expect(server.taken.flatMap((batch) => read(batch).entries)).toEqual(
    Array.from({ length: 1_500 }, (_, i) => String(i)),
  )
  expect(server.taken.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
  expect(readdirSync(folder)).toEqual([])
})

test('what a proxy could not deliver, the next one does, before anything of its own', async () => {
  const server = serverOf({ isThere: false })
  const first = server.open('1111111111111111')
  first.record(Buffer.from('one'))
  first.record(Buffer.from('two'))
  await first.close()
  expect(server.said).toEqual(['nobody there'])
  // As if its process had ended: folders are named by their owner.
  const [kept = ''] = readdirSync(folder)
  renameSync(join(folder, kept), join(folder, kept.replace(/\d+$/, '999999999')))
  server.options.isThere = true
  const second = server.open('2222222222222222')
  await second.start()
  second.record(Buffer.from('three'))
  await second.close()
  expect(server.taken.map((batch) => [batch.start.slice(0, 1), ...read(batch).entries])).toEqual([
    ['1', 'one', 'two'],
    ['2', 'three'],
  ])
  expect(readdirSync(folder)).toEqual([])
})

test('what the server will never take is not tried again', async () => {
  const tries: number[] = []
  const delivery = new Delivery({
    source: SOURCE,
    spool: folder,
    send: async ({ sequence }) => {
      tries.push(sequence)
      return { status: 'refused' }
    },
    onAway: () => undefined,
  })
  delivery.record(Buffer.from('x'))
  await delivery.close()
  expect(tries).toEqual([1])
  expect(delivery.lost).toBe(0)
})

test('what cannot be kept is counted, and the count is told with the next batch', async () => {
  const server = serverOf({ isThere: true })
  const delivery = server.open(SOURCE.start)
  delivery.record(Buffer.alloc(ENTRY_BYTES + 1))
  delivery.lose(2)
  delivery.record(Buffer.from('kept'))
  await delivery.close()
  expect(server.taken.map(read)).toEqual([{ entries: ['kept'], lost: 3 }])
})

test('a loss is told also where nothing else is', async () => {
  const server = serverOf({ isThere: true })
  const delivery = server.open(SOURCE.start)
  delivery.lose(1)
  await delivery.close()
  expect(server.taken.map(read)).toEqual([{ entries: [], lost: 1 }])
})

test('a batch that is on its way when the proxy ends is waited for', async () => {
  const begun = Promise.withResolvers<undefined>()
  const answered = Promise.withResolvers<SendOutcome>()
  const delivery = new Delivery({
    source: SOURCE,
    spool: folder,
    send: (_, signal) => {
      begun.resolve(undefined)
      signal.addEventListener('abort', () => answered.resolve(AWAY))
      return answered.promise
    },
    onAway: () => undefined,
  })
  delivery.record(Buffer.from('x'))
  await begun.promise
  const closed = delivery.close()
  await new Promise((resolve) => setImmediate(resolve))
  answered.resolve({ status: 'stored' })
  await closed
  expect(readdirSync(folder)).toEqual([])
})

test('a connection that fails once at the end is tried again', async () => {
  const server = serverOf({ isThere: false })
  const delivery = new Delivery({
    source: SOURCE,
    spool: folder,
    send: async (batch) => {
      if (!server.options.isThere) return ((server.options.isThere = true), AWAY)
      server.taken.push(batch)
      return { status: 'stored' }
    },
    onAway: () => undefined,
  })
  delivery.record(Buffer.from('x'))
  await delivery.close()
  expect(server.taken.map((batch) => read(batch).entries)).toEqual([['x']])
  expect(readdirSync(folder)).toEqual([])
})

test('a server that hangs makes nobody wait, and what comes meanwhile goes to disk', async () => {
  const server = serverOf({ isThere: true })
  let answer: (outcome: SendOutcome) => void = () => undefined
  const hanging = new Promise<SendOutcome>((resolve) => (answer = resolve))
  let isFirst = true
  const begun = Promise.withResolvers<undefined>()
  const delivery = new Delivery({
    source: SOURCE,
    spool: folder,
    send: async (batch) => {
      if (!isFirst) server.taken.push(batch)
      else begun.resolve(undefined)
      return isFirst ? ((isFirst = false), hanging) : { status: 'stored' }
    },
    onAway: () => undefined,
  })
  delivery.record(Buffer.from('first'))
  await begun.promise
  const large = Buffer.alloc(6 * 1024 * 1024, 'x')
  for (let i = 0; i < 4; i += 1) delivery.record(large)
  answer(AWAY)
  await delivery.close()
  // What was on its way comes first, and nothing overtook it on disk.
  expect(server.taken.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5])
  expect(server.taken.flatMap((batch) => read(batch).entries).map(({ length }) => length)).toEqual([
    'first'.length,
    ...Array.from({ length: 4 }, () => large.length),
  ])
  expect(delivery.lost).toBe(0)
  expect(readdirSync(folder)).toEqual([])
})
