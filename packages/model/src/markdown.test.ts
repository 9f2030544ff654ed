import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markdownCode, markdownTable } from './markdown.ts'

test('a table whose cells carry no markup', () => {
  expect(
    markdownTable(
      [
        ['name', 'events'],
        ['![x](http://e.test) <b>a|b', 1],
        ['a\nb', undefined],
      ],
      (i) => i === 1,
    ),
  ).toBe('| name | events |\n| --- | ---: |\n| \\!\\[x\\]\\(http\\://e.test\\) \\<b\\>a\\|b | 1 |\n| a␊b |  |\n')
})

test('code stays code whatever backticks it holds', () => {
  expect(markdownCode('a')).toBe('`a`')
  expect(markdownCode('a`b``<script>')).toBe('``` a`b``<script> ```')
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n', '\u001b') }), (text) => {
      const [, fence = ''] = /^(`+)/.exec(markdownCode(`x${text}`)) ?? []
      const within = markdownCode(`x${text}`).slice(fence.length, -fence.length)
      expect(within.match(/`+/g) ?? []).not.toContain(fence)
      expect(within).not.toMatch(/\n/)
    }),
  )
})
