import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { coveragePage } from './coverage-page.ts'
import { says } from './technique.ts'
import { TECHNIQUES } from './techniques.ts'

const PAGE = fileURLToPath(new URL('../../../docs/kernel-coverage.md', import.meta.url))

test('the page of what is seen is that of the table', () => {
  const page = coveragePage(TECHNIQUES)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PAGE, page)
  expect(readFileSync(PAGE, 'utf8')).toBe(page)
})

test('each way stands in the table once', () => {
  expect(new Set(TECHNIQUES.map(({ name }) => name)).size).toBe(TECHNIQUES.length)
})

test('an event says what is wanted only where each part of it agrees', () => {
  const body = { kind: 'kernel', action: 'mount', target: '/a/host', details: { source: '/', flags: 'MS_BIND' } }
  expect(says(body, { kind: 'kernel', target: /host$/, details: { flags: 'MS_BIND' } })).toBe(true)
  expect(says(body, { kind: 'kernel', details: { flags: 'MS_MOVE' } })).toBe(false)
  expect(says(body, { kind: 'kernel', target: /^host/ })).toBe(false)
  expect(says({ kind: 'syscall-set', calls: ['a'] }, { kind: 'syscall-set', calls: ['b'] })).toBe(false)
})
