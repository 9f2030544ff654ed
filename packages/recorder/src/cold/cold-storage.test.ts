import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { LogReader } from '../log-reader.ts'
import { Recorder } from '../recorder.ts'
import { groupOf, scratchFolder, steadyClock } from '../testing/groups.ts'
import { ColdFileWriter } from './cold-file.ts'

const WHY = { by: 'admin', reason: 'older than 90 days' }
/** Small files and slices, so that few entries make several. */
const LIMITS = { segmentEntries: 4, coldFileBytes: 1500, coldSliceBytes: 400 }
const LATER = 1_800_000_000_000_000_000n as UnixNano // any 64 bits are

test('reads every entry alike from cold storage and after it was brought back', async () => {
  using folder = scratchFolder()
  await using recorder = await openWith(folder.path, 40)
  using reader = LogReader.open({ folder: folder.path })
  const before = read(reader)
  const size = recorder.size
  const proof = recorder.inclusionProof(3, size)
  const cooled = await recorder.cold.cool({ before: LATER, ...WHY })
  expect(cooled).toMatchObject({ entries: 40, segments: 10, kept: 0 })
  expect(cooled.files.length).toBeGreaterThan(1)
  expect(sealedInDatabase(folder.path)).toEqual({ content: 0, control: expect.any(Number) })
  // Over the connection that was open before, and over a new one.
  expect(read(reader).slice(0, before.length)).toEqual(before)
  using other = LogReader.open({ folder: folder.path })
  expect(read(other).slice(0, before.length)).toEqual(before)
  expect(recorder.inclusionProof(3, size)).toEqual(proof)
  expect(recorder.cold.files().map(({ path }) => path)).toEqual(cooled.files)

  const restored = await recorder.cold.restore(WHY)
  expect(restored).toEqual({ files: cooled.files, segments: 10, entries: 40, absent: [] })
  expect(readdirSync(join(folder.path, 'cold'))).toEqual([])
  expect(recorder.cold.files()).toEqual([])
  expect(read(reader).slice(0, before.length)).toEqual(before)
})

test('says where an entry is while its cold storage is not attached, and loses neither leaves nor index', async () => {
  using folder = scratchFolder()
  using elsewhere = scratchFolder()
  await using recorder = await openWith(folder.path, 8)
  using reader = LogReader.open({ folder: folder.path })
  const before = read(reader)
  const leaves = reader.leaves(0, 8)
  const to = join(elsewhere.path, 'archive')
  await recorder.cold.cool({ before: LATER, to, ...WHY })
  const [name = ''] = readdirSync(to)
  renameSync(to, join(elsewhere.path, 'shelf'))
  using fresh = LogReader.open({ folder: folder.path })
  expect(() => fresh.entry(0)).toThrow(
    expect.objectContaining({ code: 'cold', message: expect.stringContaining(join(to, name)) }),
  )
  expect(fresh.leaves(0, 8)).toEqual(leaves)
  expect([...fresh.segmentsWithTerm('trace:1')]).toEqual([0, 4])
  expect(await recorder.cold.restore(WHY)).toMatchObject({ files: [], absent: [join(to, name)] })
  await recorder.cold.restore({ from: join(elsewhere.path, 'shelf'), ...WHY })
  expect(read(fresh).slice(0, before.length)).toEqual(before)
})

test('leaves young segments, what is to be kept and the records of the product where they are', async () => {
  using folder = scratchFolder()
  await using recorder = await openWith(folder.path, 12)
  const cooled = await recorder.cold.cool({ before: LATER, keep: [11, 5], ...WHY })
  expect(cooled).toMatchObject({ segments: 1, entries: 4, kept: 2 })
  const first = 1_790_000_000_000_000_000n as UnixNano // before the clock of the log began
  expect(await recorder.cold.cool({ before: first, ...WHY })).toMatchObject({ segments: 0, files: [] })
  using reader = LogReader.open({ folder: folder.path })
  const said = reader.controls('operator-action').map(({ record }) => record)
  expect(said).toMatchObject([
    {
      action: 'cool-log',
      outcome: 'intended',
      target: cooled.files[0],
      detail: expect.stringMatching(/^sha256 [0-9a-f]{64}, /),
    },
    { action: 'cool-log', outcome: 'done' },
  ])
})

test('keeps a file that a later move names again, where an earlier restore of it did not come to its end', async () => {
  using folder = scratchFolder()
  const path = await (async () => {
    await using recorder = await openWith(folder.path, 8)
    const { files } = await recorder.cold.cool({ before: LATER, ...WHY })
    return files[0] ?? ''
  })()
  // As a restore leaves it that ends between its last segment and the name of the file.
  sql(folder.path, 'CREATE TABLE kept AS SELECT * FROM cold_files')
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(LATER), limits: LIMITS })
  await recorder.cold.restore(WHY)
  sql(folder.path, 'INSERT INTO cold_files SELECT * FROM kept; DROP TABLE kept')
  expect(await recorder.cold.cool({ before: LATER, ...WHY })).toMatchObject({ files: [path], entries: 8 })
  using reader = LogReader.open({ folder: folder.path })
  const before = read(reader)
  expect(await recorder.cold.restore(WHY)).toMatchObject({ entries: 8, absent: [] })
  expect(read(reader).slice(0, before.length)).toEqual(before)
})

test('removes no file outside the data folder: another copy of the log may rest on it', async () => {
  using folder = scratchFolder()
  using elsewhere = scratchFolder()
  await using recorder = await openWith(folder.path, 8)
  const archive = join(elsewhere.path, 'archive')
  const { files } = await recorder.cold.cool({ before: LATER, to: archive, ...WHY })
  await recorder.cold.restore(WHY)
  expect(readdirSync(archive).map((name) => join(archive, name))).toEqual(files)
  // A copy that a restore is pointed at is the operator's own.
  const again = await recorder.cold.cool({ before: LATER, ...WHY })
  const copy = join(elsewhere.path, 'copy')
  cpSync(join(folder.path, 'cold'), copy, { recursive: true })
  expect(await recorder.cold.restore({ from: copy, ...WHY })).toMatchObject({ entries: 8 })
  expect(readdirSync(copy)).toHaveLength(again.files.length)
})

test('removes what a killed move left in its own folder', async () => {
  using folder = scratchFolder()
  await using recorder = await openWith(folder.path, 8)
  mkdirSync(join(folder.path, 'cold'))
  writeFileSync(join(folder.path, 'cold/entries-000000000000-of-a-killed-move.partial'), 'half')
  const { files } = await recorder.cold.cool({ before: LATER, ...WHY })
  expect(readdirSync(join(folder.path, 'cold')).map((name) => join(folder.path, 'cold', name))).toEqual(files)
})

test('two logs that write to one archive at a time do not write into each other', () => {
  using folder = scratchFolder()
  using late = new ColdFileWriter(folder.path, 0)
  using early = new ColdFileWriter(folder.path, 0)
  early.add({ first: 0, count: 1, keyId: 1, sealed: Buffer.from('of the early one') })
  const { name, sha256 } = early.finish()
  late.add({ first: 0, count: 1, keyId: 1, sealed: Buffer.from('of the late one, and longer') })
  expect(
    createHash('sha256')
      .update(readFileSync(join(folder.path, name)))
      .digest(),
  ).toEqual(sha256)
  expect(late.finish().name).not.toBe(name)
})

test('refuses content that was changed in cold storage, to read it and to bring it back', async () => {
  using folder = scratchFolder()
  await using recorder = await openWith(folder.path, 8)
  const { files } = await recorder.cold.cool({ before: LATER, ...WHY })
  const path = files[0] ?? ''
  const bytes = readFileSync(path)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(path, bytes)
  using reader = LogReader.open({ folder: folder.path })
  expect(() => reader.entry(7)).toThrow(expect.objectContaining({ code: 'corrupt' }))
  expect(reader.entry(0)?.index).toBe(0)
  await expect(recorder.cold.restore(WHY)).rejects.toMatchObject({ code: 'corrupt' })
  expect(recorder.cold.files()).toMatchObject([{ segments: 2 }])
})

test('erases what lies in cold storage like everything else', async () => {
  using folder = scratchFolder()
  await using recorder = await openWith(folder.path, 8)
  await recorder.cold.cool({ before: LATER, ...WHY })
  const { agent } = groupOf(['']).envelope
  await recorder.eraseKey({ agent, dataClass: 'content', retention: 'default' }, WHY)
  using reader = LogReader.open({ folder: folder.path })
  expect(reader.entry(0)).toMatchObject({ body: undefined, index: 0 })
  // Without asking whether the files are still there.
  renameSync(join(folder.path, 'cold'), join(folder.path, 'gone'))
  using other = LogReader.open({ folder: folder.path })
  expect(other.entry(0)?.body).toBeUndefined()
})

test('keeps schema version 1 until something is moved, and opens again after', async () => {
  using folder = scratchFolder()
  const before = await (async () => {
    await using recorder = await openWith(folder.path, 8)
    expect(versionOf(folder.path)).toBe(1)
    await recorder.cold.cool({ before: LATER, ...WHY })
    using reader = LogReader.open({ folder: folder.path })
    return read(reader)
  })()
  expect(versionOf(folder.path)).toBe(2)
  await using again = await Recorder.open({ folder: folder.path, clock: steadyClock(LATER), limits: LIMITS })
  await again.append([groupOf(['young'])])
  using reader = LogReader.open({ folder: folder.path })
  expect(read(reader).slice(0, before.length)).toEqual(before)
  expect(again.cold.files()).toMatchObject([{ entries: 8 }])
})

test('a bundle is written from cold storage too, and equals the one from before', async () => {
  using folder = scratchFolder()
  await using recorder = await openWith(folder.path, 8)
  const request = { entries: [1, 6], about: {} }
  mkdirSync(join(folder.path, 'out'))
  const [one, two] = [join(folder.path, 'out/1.zip'), join(folder.path, 'out/2.zip')]
  const note = (await recorder.signCheckpoint()).note
  await recorder.exportBundle({ ...request, out: one })
  await recorder.cold.cool({ before: LATER, ...WHY })
  const { checkpoint } = await recorder.exportBundle({ ...request, out: two })
  // The log has grown by what it says of the move; bodies are the same.
  expect(checkpoint.note).not.toBe(note)
  for (const text of ['entry 1', 'entry 6']) expect(readFileSync(two).includes(text)).toBe(true)
})

async function openWith(folder: string, entries: number): Promise<Recorder> {
  const recorder = await Recorder.open({ folder, clock: steadyClock(), limits: LIMITS })
  const bodies = Array.from({ length: entries }, (_, i) => `entry ${i} ${'of some length '.repeat(i % 7)}`)
  await recorder.append([groupOf(bodies, { terms: ['trace:1'] })])
  return recorder
}

/** Bodies and times as text: entries hold bytes of their segment. */
function read(reader: LogReader): readonly string[] {
  return [...reader.entries({ from: 0 })].map(
    ({ index, recordedAt, bodyDigest, body }) =>
      `${index} ${recordedAt} ${bodyDigest} ${Buffer.from(body ?? []).toString()}`,
  )
}

function sealedInDatabase(folder: string): { readonly content: number; readonly control: number } {
  const db = new DatabaseSync(join(folder, 'log.db'), { readOnly: true })
  const count = (where: string): number =>
    Number(
      db
        .prepare(
          `SELECT count(*) AS n FROM blocks b JOIN segments s ON s.first = b.first WHERE length(b.sealed) > 0 AND ${where}`,
        )
        .get()?.['n'],
    )
  const counts = { content: count(`s.channel <> 'control'`), control: count(`s.channel = 'control'`) }
  db.close()
  return counts
}

function sql(folder: string, text: string): void {
  const db = new DatabaseSync(join(folder, 'log.db'))
  db.exec(text)
  db.close()
}

function versionOf(folder: string): number {
  const db = new DatabaseSync(join(folder, 'log.db'), { readOnly: true })
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  db.close()
  return version
}
