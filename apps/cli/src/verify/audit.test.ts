import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeSampleRow, scratchFolder } from '@holdfast/recorder/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyAudit } from './audit.ts'
import { Report } from './report.ts'
import { StrictZip } from './zip.ts'

let sample: Awaited<ReturnType<typeof sampleRow>>
beforeAll(async () => {
  sample = await sampleRow()
})
afterAll(() => sample[Symbol.dispose]())

test('a row verifies with other white space and escapes, and with the key that signed it', () => {
  const { row, key, check } = sample
  const escaped = JSON.stringify(row, undefined, 2).replaceAll('sample"', '\\u0073ample"')
  expect(check(escaped, key)).toMatchObject({ ok: true, facts: { kind: 'row', isKeyTrusted: true } })
})

test('refuses a row that says two things under one name, of which a reader may see the other', () => {
  const { row, key, check } = sample
  const text = JSON.stringify(row)
  const forged = [
    text.replace('{', '{"about":{"words":"nothing happened"},'),
    text.replace('"words":', '"words":"nothing happened", "words" :'),
    text.replace('"about":', '"\\u0061bout":{"words":"x:y"},"about":'),
  ]
  for (const one of forged) {
    expect(JSON.parse(one)).toEqual(row)
    expect(check(one, key).problems, one.slice(0, 80)).toEqual([
      { where: 'row', what: expect.stringContaining('twice') },
    ])
  }
})

test('refuses the key of another log, and a file that is no row', async () => {
  const { row, check } = sample
  using other = await sampleRow()
  expect(check(JSON.stringify(row), other.key).ok).toBe(false)
  for (const text of ['', 'null', '[]', '{}', '['.repeat(5_000), '{"a":'.repeat(300) + '1' + '}'.repeat(300)])
    expect(check(text, other.key).ok, text.slice(0, 9)).toBe(false)
})

async function sampleRow() {
  const folder = scratchFolder()
  const { pack } = await makeSampleRow(folder.path)
  const file = join(folder.path, 'row.json')
  using zip = StrictZip.open(pack, new Report())
  const entry = zip?.entries.find(({ name }) => name === 'data/row.json')
  const bytes = zip === undefined || entry === undefined ? undefined : zip.read(entry, 1_000_000, new Report())
  return {
    row: JSON.parse(bytes?.toString() ?? '') as object, // what makeSampleRow wrote
    key: readFileSync(join(folder.path, 'log.vkey'), 'utf8').trim(),
    check: (text: string, key: string) => {
      writeFileSync(file, text)
      return verifyAudit(file, { key })
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

test('one byte of the row in a pack is one fault, said once, and not one of every entry', async () => {
  using folder = scratchFolder()
  const { pack } = await makeSampleRow(folder.path)
  const whole = readFileSync(pack)
  const at = rowAt(pack)
  for (const byte of [0, 2, 40]) {
    const changed = Buffer.from(whole)
    changed[at + byte] = (changed[at + byte] as number) ^ 1 // the row is longer
    writeFileSync(pack, changed)
    const { problems, ok } = verifyAudit(pack)
    const faults = problems.filter(({ follows }) => follows === undefined)
    expect(ok).toBe(false)
    expect(new Set(faults.map(({ where, what }) => `${where} ${what}`)).size).toBe(faults.length)
    expect(faults.map(({ where }) => where).filter((where) => where.startsWith('entry'))).toEqual([])
    expect(faults.length, JSON.stringify(faults)).toBeLessThan(6)
  }
})

function rowAt(pack: string): number {
  using zip = StrictZip.open(pack, new Report())
  return zip?.entries.find(({ name }) => name === 'data/row.json')?.dataAt ?? -1
}
