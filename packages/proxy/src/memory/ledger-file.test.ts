import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LEDGER_BYTES } from '../limits.ts'
import { LedgerFile } from './ledger-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-ledger-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const line = (label: string, until: number) => ({
  texts: [{ length: 9, head: 1, digest: label }],
  label,
  tool: 'save_note',
  until,
  entry: `${label}-1`,
})
const at = (now: number) => new LedgerFile({ file: join(folder, 'm', 'notes.jsonl'), now: () => now })

test('what was written down ends at its time, also for another proxy before the same memory and after a restart', () => {
  const [first, second] = [at(100), at(100)]
  expect(first.add(line('contact', 100))).toBe(true)
  expect(second.add(line('order', 101))).toBe(true)
  expect(first.expired().map(({ label }) => label)).toEqual(['contact'])
  expect(second.expired().map(({ label }) => label)).toEqual(['contact'])
  expect(
    at(101)
      .expired()
      .map(({ label }) => label),
  ).toEqual(['contact', 'order'])
})

test('a line that a crash cut is left out, and those before and after it stand', () => {
  at(0).add(line('contact', 0))
  appendFileSync(join(folder, 'm', 'notes.jsonl'), '{"texts":[{"len')
  expect(at(1).expired()).toHaveLength(1)
  expect(at(1).add(line('order', 0))).toBe(true)
  expect(
    at(1)
      .expired()
      .map(({ label }) => label),
  ).toEqual(['contact', 'order'])
})

test('what was remembered anew is not over, and what was taken out is known so after a restart', () => {
  const ledger = at(100)
  ledger.add(line('contact', 100))
  ledger.add({ ...line('contact', 200), entry: 'contact-2' })
  expect(ledger.expired().map(({ entry, texts }) => [entry, texts])).toEqual([['contact-1', []]])
  ledger.purged('contact-1')
  expect([at(100).isPurged('contact-1'), at(100).isPurged('contact-2')]).toEqual([true, false])
})

test('a full file takes no more, and says so', () => {
  at(0)
  writeFileSync(join(folder, 'm', 'notes.jsonl'), `${'x'.repeat(LEDGER_BYTES - 1)}\n`)
  expect(at(0).add(line('contact', 0))).toBe(false)
  expect(readFileSync(join(folder, 'm', 'notes.jsonl'))).toHaveLength(LEDGER_BYTES)
})
