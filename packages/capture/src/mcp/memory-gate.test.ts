import type { DataRules } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fingerprintsOf, withoutTexts } from './kept-texts.ts'
import { MemoryGate, type Remembered } from './memory-gate.ts'

const rules: DataRules = {
  version: 1,
  classes: [
    { name: 'health', regulated: true, found: ['diabetes'] },
    { name: 'contact', regulated: true, keepDays: 30, found: ['@'] },
  ],
  endpoints: [],
  memories: [{ server: 'memory', write: 'save_note', id: 'key', delete: 'delete_note' }],
}
const DAY = 86_400_000

function gate({ isFull = false, now = { ms: 0 } }: { isFull?: boolean; now?: { ms: number } } = {}) {
  const kept: Remembered[] = []
  const gone: string[] = []
  const ledger = {
    add: (one: Remembered) => {
      if (!isFull) kept.push(one)
      return !isFull
    },
    expired: () => kept.filter(({ until }) => until <= now.ms),
    purged: (entry: string) => void gone.push(entry),
    isPurged: (entry: string) => gone.includes(entry),
  }
  const finds = (pattern: string, text: string) => text.includes(pattern)
  let names = 0
  const name = (): string => `e${++names}`
  return { made: new MemoryGate({ rules: () => rules, finds, ledger, now: () => now.ms, name }), kept, gone, now }
}

const call = (tool: string, args: object, label?: string) =>
  Buffer.from(
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: tool,
        arguments: args,
        ...(label === undefined ? {} : { _meta: { 'holdfast/data-class': label } }),
      },
    }),
  )
const answer = (result: unknown) => Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))
const said = (text: string) => answer({ content: [{ type: 'text', text }] })

test.each([
  ['save_note', { text: 'she has diabetes' }, undefined, 'unlabelled'],
  ['save_note', { text: 'she has diabetes' }, 'health', 'no-rule'],
  ['save_note', { text: 'she has diabetes' }, 'contact', 'unlabelled'],
  ['saveMemory', { key: 'k', value: 'mail kim@example.com' }, undefined, 'unlabelled'],
  ['save_note', { text: 'hello' }, 'secret', 'unknown-class'],
])('%s of %j labelled %s is refused as %s', (tool, args, label, fault) => {
  const verdict = gate().made.toServer(call(tool, args, label))
  expect(verdict).toMatchObject({ do: 'answer', held: [{ memory: { fault }, target: tool }] })
  if (verdict.do !== 'answer') throw new Error(verdict.do)
  expect(JSON.parse(String(verdict.bytes))).toMatchObject({ id: 1, error: { code: -32_085, data: { fault, tool } } })
})

test('what has its label and its rule is remembered until its time, what is not regulated for good', () => {
  const { made, kept } = gate()
  expect(made.toServer(call('save_note', { text: 'mail kim@example.com' }, 'contact'))).toEqual({ do: 'pass' })
  expect(made.toServer(call('save_note', { text: 'the lamp is broken' }))).toEqual({ do: 'pass' })
  expect(kept).toMatchObject([{ label: 'contact', tool: 'save_note', until: 30 * DAY }])
  expect(JSON.stringify(kept)).not.toContain('kim')
})

test('a memory is known by its server too; other tools, reading and removing pass', () => {
  const { made } = gate()
  const text = { text: 'she has diabetes' }
  expect(made.toServer(call('put', text))).toEqual({ do: 'pass' })
  made.toClient(answer({ serverInfo: { name: 'memory', version: '1' } }))
  expect(made.toServer(call('put', text)).do).toBe('answer')
  expect(made.toServer(call('search', text))).toEqual({ do: 'pass' })
  expect(made.toServer(call('delete_note', text))).toEqual({ do: 'pass' })
})

test('what cannot be written down is not remembered', () => {
  expect(gate({ isFull: true }).made.toServer(call('save_note', { text: 'kim@example.com' }, 'contact')).do).toBe(
    'answer',
  )
})

test('what has expired comes back no more, by itself or within other words; what stands beside it does', () => {
  const { made, now } = gate()
  made.toServer(call('save_note', { text: 'mail kim@example.com' }, 'contact'))
  const recalled = said('1. mail kim@example.com (May)\n2. the lamp is broken')
  expect(made.toClient(recalled)).toEqual({ do: 'pass' })
  now.ms = 30 * DAY
  const verdict = made.toClient(recalled)
  if (verdict.do !== 'replace') throw new Error(verdict.do)
  expect(String(verdict.bytes)).not.toContain('kim')
  expect(String(verdict.bytes)).toContain('the lamp is broken')
  expect(verdict.held).toMatchObject([{ memory: { fault: 'expired', label: 'contact' }, target: 'save_note' }])
  const listed = made.toClient(said(JSON.stringify({ notes: [{ text: 'mail kim@example.com' }] })))
  expect(listed.do).toBe('replace')
})

test('before the memory is used again it is told once to forget what has expired, and its answer is for us', () => {
  const { made, now, gone } = gate()
  made.toClient(answer({ serverInfo: { name: 'memory', version: '1' } }))
  made.toServer(call('save_note', { key: 'n-3', text: 'mail kim@example.com' }, 'contact'))
  expect(made.before(call('search_notes', {}))).toEqual([])
  now.ms = 30 * DAY
  expect(made.before(answer({}))).toEqual([])
  const [asked, ...others] = made.before(call('search_notes', {}))
  expect(others).toEqual([])
  const { id, params } = JSON.parse(String(asked)) as { readonly id: string; readonly params: object }
  expect(params).toEqual({ name: 'delete_note', arguments: { key: 'n-3' } })
  expect(made.before(call('search_notes', {}))).toEqual([])
  const said = made.toClient(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [] } })))
  expect(said).toMatchObject({ do: 'withhold', held: [{ memory: { fault: 'purged', label: 'contact' } }] })
  expect(gone).toEqual(['e1'])
})

test('a memory that does not forget is told so in the record, and what expired stays withheld', () => {
  const { made, now, gone } = gate()
  made.toClient(answer({ serverInfo: { name: 'memory', version: '1' } }))
  made.toServer(call('save_note', { key: 'n-3', text: 'mail kim@example.com' }, 'contact'))
  now.ms = 30 * DAY
  const [asked] = made.before(call('search_notes', {}))
  const { id } = JSON.parse(String(asked)) as { readonly id: string }
  const said = made.toClient(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: { isError: true } })))
  expect(said).toMatchObject({ do: 'withhold', held: [{ memory: { fault: 'not-purged' } }] })
  expect(gone).toEqual([])
})

test('a text is known again wherever it stands between words, and no other text is touched', () => {
  const word = fc.stringMatching(/^[a-z]{2,8}$/)
  fc.assert(
    fc.property(fc.array(word, { minLength: 3, maxLength: 6 }), fc.array(word, { maxLength: 5 }), (secret, around) => {
      const text = secret.join(' ')
      const prints = fingerprintsOf(text) ?? []
      const shown = [...around, text, ...around].join(' ')
      const passed = withoutTexts(shown, prints, '[]')
      expect(passed.value).not.toContain(text)
      const other = around.join(' ')
      if (!other.includes(text)) expect(withoutTexts(other, prints, '[]').value).toBe(other)
    }),
    { seed: 7 },
  )
})
