// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HOSTILE } from '../../e2e/support/hostile.ts'
import { SHOWN_CHARACTERS } from './limits.ts'
import { Untrusted } from './Untrusted.tsx'

let root: Root
let box: HTMLElement

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  box = document.body.appendChild(document.createElement('div'))
  root = createRoot(box)
})
afterEach(() => {
  act(() => root.unmount())
  box.remove()
  vi.unstubAllGlobals()
})

const show = (text: string, as: 'line' | 'block' = 'block') => act(() => root.render(<Untrusted text={text} as={as} />))

test('makes no element of its own out of any hostile text', () => {
  for (const text of HOSTILE) {
    for (const as of ['line', 'block'] as const) {
      show(text, as)
      const names = new Set([...box.querySelectorAll('*')].map(({ tagName }) => tagName))
      expect([...names].filter((name) => !['BDI', 'DIV', 'SECTION', 'SPAN', 'P'].includes(name))).toEqual([])
    }
  }
})

test('says how many hidden characters there are', () => {
  show('a\u202eb\u200bc')
  expect(box.textContent).toContain('2 hidden or control characters')
})

test('collapses what is longer than a window, and says by how much', () => {
  show('x'.repeat(SHOWN_CHARACTERS + 1_234))
  expect(box.querySelector('button')?.textContent).toContain('1,234 more characters are collapsed')
  act(() => box.querySelector('button')?.click())
  expect(box.querySelector('button')).toBeNull()
})
