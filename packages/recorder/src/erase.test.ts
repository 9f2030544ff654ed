import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { LogReader } from './log-reader.ts'
import { Recorder } from './recorder.ts'
import { groupOf, scratchFolder, steadyClock } from './testing/groups.ts'

test('makes content unreadable for good while leaves, root and proofs stay', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await recorder.append([groupOf(['secret one', 'secret two'], { service: 'gone', terms: ['trace:1'] })])
  await recorder.append([groupOf(['kept'], { service: 'stays' })])
  const wrapped = wrappedKeys(folder.path)
  using reader = LogReader.open({ folder: folder.path })
  const agent = reader.entry(0)?.envelope.agent
  if (agent === undefined) throw new Error('three entries were appended')
  const root = recorder.rootHash()
  const digest = reader.entry(0)?.bodyDigest
  const erasure = await recorder.eraseKey(
    { agent, dataClass: 'content', retention: 'default' },
    { by: 'admin', reason: 'asked for' },
  )
  expect(erasure).toEqual({ keys: 1, entries: 2, isGone: true })
  const erased = reader.entry(0)
  expect(erased?.body).toBeUndefined()
  expect(erased?.bodyDigest).toBe(digest)
  expect(erased?.envelope).toMatchObject({ agent, credential: 'loopback', tier: 'self-reported' })
  expect(erased?.envelope.resource).toHaveLength(0)
  expect(Buffer.from(reader.entry(2)?.body ?? []).toString()).toBe('kept')
  expect(recorder.consistencyProof(3).length).toBeGreaterThan(0)
  expect(root).not.toBe(recorder.rootHash())
  expect([...reader.withTerm('trace:1')].map(({ index }) => index)).toEqual([0, 1])
  expect(reader.segments().map((segment) => segment.erased)).toEqual([true, false, false, false])
  const outcomes = reader.controls('operator-action').map(({ record }) => record)
  expect(outcomes).toMatchObject([{ outcome: 'intended' }, { outcome: 'done' }])
  const ids = outcomes.map((record) => record.kind === 'operator-action' && record.actionId)
  expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), ids[0]])
  // No file of the folder holds the wrapped key any more, freed pages and write-ahead log included.
  expect(filesWith(folder.path, wrapped[0])).toEqual([])
})

test('waits for a reader that keeps the key in the write-ahead log, while entries are recorded', async () => {
  using folder = scratchFolder()
  const limits = { eraseRetryMs: 1, eraseWaitMs: 60_000 }
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(), limits })
  const { scope, wrapped, reader } = await readerBeforeErasure(recorder, folder.path)
  const erasing = recorder.eraseKey(scope, { by: 'admin', reason: '' })
  // Entries come in while the erasure waits.
  for (let i = 0; i < 20; i++) await recorder.append([groupOf([`later ${i}`])])
  expect(recorder.stats().isErasing).toBe(true)
  expect(filesWith(folder.path, wrapped)).toEqual(['log.db-wal'])
  reader.close()
  expect(await erasing).toMatchObject({ keys: 1, isGone: true })
  expect(recorder.stats().isErasing).toBe(false)
  expect(filesWith(folder.path, wrapped)).toEqual([])
})

test('says that a reader still keeps the key, and closing destroys it', async () => {
  using folder = scratchFolder()
  const limits = { eraseRetryMs: 60_000, eraseWaitMs: 0 }
  const recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(), limits })
  const { scope, wrapped, reader } = await readerBeforeErasure(recorder, folder.path)
  expect(await recorder.eraseKey(scope, { by: 'admin', reason: '' })).toMatchObject({ keys: 1, isGone: false })
  expect(recorder.stats().isErasing).toBe(true)
  using log = LogReader.open({ folder: folder.path })
  expect(log.controls('operator-action').at(-1)?.record).toMatchObject({
    detail: expect.stringContaining('a reader keeps'),
  })
  reader.close()
  await recorder[Symbol.asyncDispose]()
  expect(filesWith(folder.path, wrapped)).toEqual([])
})

test('encrypts what comes after under a new key', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const group = groupOf(['same bytes'])
  await recorder.append([group])
  const scope = { agent: group.envelope.agent, dataClass: 'content', retention: 'default' }
  await recorder.eraseKey(scope, { by: 'admin', reason: '' })
  expect(await recorder.append([group])).toMatchObject({ stored: 1, duplicates: 0 })
  using reader = LogReader.open({ folder: folder.path })
  const readable = [...reader.entries({ from: 0 })].filter(({ envelope }) => envelope.channel === 'otlp')
  expect(readable.map(({ body }) => body === undefined)).toEqual([true, false])
  expect(readable[0]?.bodyDigest).not.toBe(readable[1]?.bodyDigest)
})

test('leaves no captured text in clear in any file', async () => {
  using folder = scratchFolder()
  {
    await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
    await recorder.append([groupOf(['a very telling prompt'], { terms: ['conversation:alice@example.com'] })])
  }
  for (const name of readdirSync(folder.path)) {
    const bytes = readFileSync(join(folder.path, name))
    expect(bytes.includes('telling prompt') || bytes.includes('alice@example.com'), name).toBe(false)
  }
})

/** One entry under a key, and a reader that has begun a transaction before the key is erased. */
async function readerBeforeErasure(recorder: Recorder, folder: string) {
  const group = groupOf(['secret'])
  await recorder.append([group])
  const wrapped = wrappedKeys(folder)[0]
  const reader = new DatabaseSync(join(folder, 'log.db'), { readOnly: true })
  reader.exec('BEGIN; SELECT count(*) FROM segments')
  reader.prepare('SELECT count(*) FROM segments').get()
  return { scope: { agent: group.envelope.agent, dataClass: 'content', retention: 'default' }, wrapped, reader }
}

function filesWith(folder: string, bytes: Buffer | undefined): string[] {
  if (bytes === undefined) throw new Error('no key was wrapped')
  const names = readdirSync(folder).filter((file) => file.startsWith('log.db'))
  return names.filter((name) => readFileSync(join(folder, name)).includes(bytes))
}

function wrappedKeys(folder: string): Buffer[] {
  const db = new DatabaseSync(join(folder, 'log.db'), { readOnly: true })
  const rows = db.prepare('SELECT wrapped FROM content_keys ORDER BY id').all()
  db.close()
  return rows.flatMap(({ wrapped }) => (wrapped instanceof Uint8Array ? [Buffer.from(wrapped)] : []))
}
