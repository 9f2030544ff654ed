import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { LogReader } from './log-reader.ts'
import { Recorder } from './recorder.ts'
import { groupOf, scratchFolder, steadyClock } from './testing/groups.ts'

const bodies = (from: number, count: number) => Array.from({ length: count }, (_, i) => `body ${from + i}`)

test('goes on where it ended, with the same root and a proof back to the older checkpoint', async () => {
  using folder = scratchFolder()
  const clock = steadyClock()
  const open = () => Recorder.open({ folder: folder.path, clock })
  const first = await open()
  await first.append([groupOf(bodies(0, 300))])
  const older = await first.signCheckpoint()
  await first[Symbol.asyncDispose]()
  await using second = await open()
  expect(second.rootHash()).toBe(older.rootHash)
  expect(second.checkpoint().note).toBe(older.note)
  await second.append([groupOf(bodies(300, 300))])
  expect(second.size).toBe(600)
  expect(second.consistencyProof(older.size).length).toBeGreaterThan(0)
})

test('is sealed while stopped, and not while it writes', async () => {
  using folder = scratchFolder()
  const seal = join(folder.path, 'seal.json')
  const first = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await first.append([groupOf(['a'])])
  await first[Symbol.asyncDispose]()
  expect(existsSync(seal)).toBe(true)
  await using second = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  expect(existsSync(seal)).toBe(false)
  expect(second.size).toBe(1)
})

test('says in the log that the last run did not end cleanly', async () => {
  using folder = scratchFolder()
  using copy = scratchFolder()
  const clock = steadyClock()
  await using running = await Recorder.open({ folder: folder.path, clock })
  await running.append([groupOf(['a', 'b'])])
  // What a crash leaves: the files as they are in the middle of a run.
  cpSync(folder.path, copy.path, { recursive: true })
  await using recovered = await Recorder.open({ folder: copy.path, clock, version: '9.9' })
  expect(recovered.size).toBe(3)
  using reader = LogReader.open({ folder: copy.path })
  const record = reader.controls('server')[0]?.record
  expect(record).toMatchObject({ action: 'recovered', version: '9.9' })
  expect(Buffer.from(reader.entry(1)?.body ?? []).toString()).toBe('b')
})

test('FC13 refuses a log that is older than its own checkpoint', async () => {
  using folder = scratchFolder()
  await stopped(folder.path)
  const db = new DatabaseSync(join(folder.path, 'log.db'))
  const checkpoint = db.prepare('SELECT size, root, note FROM checkpoints ORDER BY id DESC LIMIT 1').get()
  db.close()
  // The database is put back to an earlier state, but for the checkpoint that somebody has seen.
  copyFileSync(join(folder.path, 'early.db'), join(folder.path, 'log.db'))
  const early = new DatabaseSync(join(folder.path, 'log.db'))
  const { size, root, note } = checkpoint ?? {}
  early
    .prepare('INSERT INTO checkpoints (size, root, note, signed_at) VALUES (?, ?, ?, 1)')
    .run(size ?? 0, root ?? '', note ?? '')
  early.close()
  const opened = Recorder.open({ folder: folder.path, clock: steadyClock() })
  await expect(opened).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('a checkpoint was signed for'),
  })
})

test('FC13 refuses a log that does not continue a checkpoint seen elsewhere', async () => {
  using folder = scratchFolder()
  await stopped(folder.path)
  const later = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const seen = [(await later.signCheckpoint()).note]
  await later[Symbol.asyncDispose]()
  await (await Recorder.open({ folder: folder.path, clock: steadyClock(), seen }))[Symbol.asyncDispose]()
  copyFileSync(join(folder.path, 'early.db'), join(folder.path, 'log.db'))
  const opened = Recorder.open({ folder: folder.path, clock: steadyClock(), seen })
  await expect(opened).rejects.toMatchObject({ code: 'corrupt' })
})

const DAMAGE: readonly { readonly title: string; readonly sql: string; readonly says: string }[] = [
  {
    title: 'an entry of the tail changed',
    sql: 'UPDATE blocks SET leaves = zeroblob(length(leaves))',
    says: 'leaf hash',
  },
  { title: 'a tile gone', sql: 'DELETE FROM tiles WHERE id = 0', says: 'tile' },
  { title: 'an entry count changed', sql: 'UPDATE segments SET count = count + 1', says: 'entries' },
  {
    title: 'a checkpoint of another key',
    sql: "UPDATE checkpoints SET note = replace(note, '— h', '— x')",
    says: 'not signed by the key',
  },
  { title: 'an unknown schema', sql: 'PRAGMA user_version = 99', says: 'schema version 99' },
]

for (const { title, sql, says } of DAMAGE) {
  test(`refuses to write to a log with ${title}, and releases the folder`, async () => {
    using folder = scratchFolder()
    await stopped(folder.path)
    const path = join(folder.path, 'log.db')
    const whole = readFileSync(path)
    const db = new DatabaseSync(path)
    db.exec(sql)
    db.close()
    const open = () => Recorder.open({ folder: folder.path, clock: steadyClock() })
    await expect(open()).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining(says) })
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    writeFileSync(path, whole)
    await using recorder = await open()
    expect(recorder.size).toBeGreaterThan(0)
  })
}

test('refuses a log whose key was lost instead of making a new one', async () => {
  using folder = scratchFolder()
  await stopped(folder.path)
  rmSync(join(folder.path, 'log.key'))
  const opened = Recorder.open({ folder: folder.path, clock: steadyClock() })
  await expect(opened).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining('log.key') })
  expect(existsSync(join(folder.path, 'log.key'))).toBe(false)
})

test('FC14 says in the log that the clock went back', async () => {
  using folder = scratchFolder()
  const readings = [10_000_000_000n, 10_000_000_000n, 20_000_000_000n, 5_000_000_000n]
  const steady = steadyClock(30_000_000_000n)
  await using recorder = await Recorder.open({
    folder: folder.path,
    // Any 64 bits are a UnixNano.
    clock: () => (readings.shift() ?? steady()) as ReturnType<typeof steady>,
  })
  await recorder.append([groupOf(['a'])])
  await recorder.append([groupOf(['b'])])
  await recorder.append([groupOf(['c'])])
  using reader = LogReader.open({ folder: folder.path })
  expect(reader.controls('gap').map(({ record }) => record)).toContainEqual(
    expect.objectContaining({ reason: 'clock-step' }),
  )
})

test('FC14 says in the log that the clock went back while nothing was written', async () => {
  using folder = scratchFolder()
  {
    await using before = await Recorder.open({ folder: folder.path, clock: steadyClock(20_000_000_000n) })
    await before.append([groupOf(['a'])])
  }
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(10_000_000_000n) })
  await recorder.append([groupOf(['b'])])
  using reader = LogReader.open({ folder: folder.path })
  expect(reader.controls('gap').map(({ record }) => record)).toMatchObject([{ reason: 'clock-step' }])
})

test('takes no name for a log that a signed note could not carry', async () => {
  using folder = scratchFolder()
  for (const origin of ['two words', 'a+b', 'two\nlines', '']) {
    const opened = Recorder.open({ folder: folder.path, clock: steadyClock(), origin })
    await expect(opened).rejects.toMatchObject({ code: 'invalid' })
  }
})

/** A stopped log of 20 entries; `early.db` beside it is its database when it had 10. */
async function stopped(folder: string): Promise<void> {
  const clock = steadyClock()
  for (const from of [0, 10]) {
    const recorder = await Recorder.open({ folder, clock })
    await recorder.append([groupOf(bodies(from, 10))])
    await recorder[Symbol.asyncDispose]()
    if (from === 0) copyFileSync(join(folder, 'log.db'), join(folder, 'early.db'))
  }
}
