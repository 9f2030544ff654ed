import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Recorder } from '@holdfast/recorder'
import { groupOf, makeSampleLog, scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { problemLines } from '../commands/problem-lines.ts'
import { verifyFolder } from './folder.ts'

test('accepts an untouched folder, erased content included, and changes nothing in it', async () => {
  using folder = scratchFolder()
  const { key, size } = await makeSampleLog(folder.path)
  const before = readFileSync(join(folder.path, 'log.db'))
  const { ok, problems, facts } = verifyFolder(folder.path, { key })
  expect({ ok, problems }).toEqual({ ok: true, problems: [] })
  expect(facts).toMatchObject({ size, erased: 151, gaps: 1, isSealed: true, isKeyTrusted: true })
  expect(facts.checkpoints).toBeGreaterThan(2)
  expect(readFileSync(join(folder.path, 'log.db')).equals(before)).toBe(true)
  expect(existsSync(join(folder.path, 'log.db-shm'))).toBe(false)
})

test('accepts a folder that is being written', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await recorder.append([groupOf(['a', 'b'])])
  expect(verifyFolder(folder.path)).toMatchObject({ ok: true, facts: { size: 2, isSealed: false } })
})

/** What somebody with SQL and without the signing key might do. The seal is taken away, so that it cannot help. */
const TAMPERINGS: readonly { readonly title: string; readonly sql: string; readonly where: RegExp }[] = [
  { title: 'a segment deleted', sql: 'DELETE FROM segments WHERE first = 65', where: /segment at entry|checkpoint/ },
  {
    title: 'the tail cut off',
    sql: 'DELETE FROM segments WHERE first >= 300; DELETE FROM blocks WHERE first >= 300',
    where: /checkpoint of \d+ entries/,
  },
  {
    title: 'a recorded time changed',
    sql: 'UPDATE segments SET recorded_at = recorded_at + 1 WHERE first = 1',
    where: /entry 1$/,
  },
  {
    title: 'an agent renamed',
    sql: "UPDATE agents SET agent = 'host:box/else' WHERE name = 'billing'",
    where: /segment at entry 152/,
  },
  {
    title: 'two segments exchanged',
    sql: 'UPDATE blocks SET sealed = (SELECT sealed FROM blocks WHERE first = 65) WHERE first = 1',
    where: /segment at entry 1$/,
  },
  { title: 'a tile zeroed', sql: 'UPDATE tiles SET hashes = zeroblob(8192) WHERE id = 0', where: /tile 0 of level 0/ },
  { title: 'a tile added', sql: 'INSERT INTO tiles VALUES (77, zeroblob(8192))', where: /log\.db/ },
  { title: 'a checkpoint taken out', sql: 'DELETE FROM checkpoints WHERE id = 2', where: /checkpoint/ },
  {
    title: 'an old checkpoint relabelled',
    sql: 'UPDATE checkpoints SET size = size - 1 WHERE id = 3',
    where: /checkpoint/,
  },
  {
    title: 'a key destroyed without a record',
    sql: "UPDATE content_keys SET wrapped = NULL WHERE agent LIKE '%billing'",
    where: /content key/,
  },
  {
    title: 'a key replaced',
    sql: 'UPDATE content_keys SET wrapped = zeroblob(92) WHERE id = 2',
    where: /content key 2/,
  },
  {
    title: 'sizes made absurd',
    sql: 'UPDATE segments SET count = 4000000000 WHERE first = 1',
    where: /segment at entry 1$/,
  },
]

for (const { title, sql, where } of TAMPERINGS) {
  test(`names ${title}`, async () => {
    using folder = scratchFolder()
    await makeSampleLog(folder.path)
    rmSync(join(folder.path, 'seal.json'))
    const db = new DatabaseSync(join(folder.path, 'log.db'))
    db.exec(sql)
    db.close()
    const { ok, problems } = verifyFolder(folder.path)
    expect(ok).toBe(false)
    expect(problems.map((problem) => problem.where)).toContainEqual(expect.stringMatching(where))
  })
}

test('names a key that was destroyed without a record after another of its scope was erased with one', async () => {
  using folder = scratchFolder()
  await makeSampleLog(folder.path)
  {
    await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
    await recorder.append([groupOf(['written after the erasure'], { service: 'erased' })])
  }
  expect(verifyFolder(folder.path).problems).toEqual([])
  rmSync(join(folder.path, 'seal.json'))
  const db = new DatabaseSync(join(folder.path, 'log.db'))
  db.exec("UPDATE content_keys SET wrapped = NULL WHERE agent LIKE '%erased'")
  db.close()
  expect(verifyFolder(folder.path).problems).toMatchObject([{ what: 'was destroyed, and no record says so' }])
})

test('names a changed key file and a changed seal', async () => {
  using folder = scratchFolder()
  await makeSampleLog(folder.path)
  for (const name of ['master.key', 'seal.json']) {
    const path = join(folder.path, name)
    const whole = readFileSync(path)
    const changed = Buffer.from(whole)
    changed[10] = (changed[10] as number) ^ 1 // both are longer
    writeFileSync(path, changed)
    expect(verifyFolder(folder.path).problems.map(({ where }) => where)).toContain(name)
    writeFileSync(path, whole)
  }
  expect(verifyFolder(folder.path).ok).toBe(true)
})

test('never throws on a folder that is none', () => {
  using folder = scratchFolder()
  expect(verifyFolder(folder.path).ok).toBe(false)
  writeFileSync(join(folder.path, 'log.db'), Buffer.alloc(8192, 7))
  expect(verifyFolder(folder.path).ok).toBe(false)
  expect(verifyFolder(join(folder.path, 'absent')).ok).toBe(false)
})

test('what comes of one changed leaf is counted, and stands in no fault’s way', async () => {
  using folder = scratchFolder()
  await makeSampleLog(folder.path)
  rmSync(join(folder.path, 'seal.json'))
  const db = new DatabaseSync(join(folder.path, 'log.db'))
  const leaves = Buffer.from(db.prepare('SELECT leaves FROM blocks WHERE first = 1').get()?.['leaves'] as Uint8Array) // its column
  leaves[60] = (leaves[60] as number) ^ 1 // a leaf has 77 bytes
  db.prepare('UPDATE blocks SET leaves = ? WHERE first = 1').run(leaves)
  db.close()
  const verdict = verifyFolder(folder.path)
  const roots = verdict.problems.filter(({ what }) => what === 'is not the root of the entries before it')
  expect(roots.length).toBeGreaterThan(2)
  expect(roots.map(({ follows }) => follows !== undefined)).toEqual(roots.map((_, i) => i > 0))
  const lines = problemLines(verdict).split('\n')
  expect(lines.filter((line) => line.includes('is not the root of'))).toHaveLength(1)
  expect(lines).toContain(`  and ${roots.length - 1} later checkpoints are not the root of what is here`)
})

test('a checkpoint taken out is one fault, not one of every checkpoint after it', async () => {
  using folder = scratchFolder()
  await makeSampleLog(folder.path)
  rmSync(join(folder.path, 'seal.json'))
  const db = new DatabaseSync(join(folder.path, 'log.db'))
  db.exec('DELETE FROM checkpoints WHERE id = 2')
  db.close()
  const { problems } = verifyFolder(folder.path)
  expect(problems).toEqual([
    { where: expect.stringMatching(/^checkpoint 3 /), what: expect.stringContaining('taken out') },
  ])
})
