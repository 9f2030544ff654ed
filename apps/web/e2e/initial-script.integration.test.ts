import { describe, expect, test } from 'vitest'
import { INITIAL_SCRIPT_BUDGET, initialScript, totalGzipBytes } from './support/initial-script.ts'

const files = initialScript()

describe.skipIf(files === undefined)(
  `the first load${files === undefined ? ' (skipped: the pages are not built)' : ''}`,
  () => {
    test('takes at most 250 KB of compressed script; graph, chart and editor come when they are opened', () => {
      const listed = (files ?? []).map(({ name, gzipBytes }) => `${name} ${gzipBytes}`)
      expect(listed.length).toBeGreaterThan(1)
      expect(totalGzipBytes(files ?? []), listed.join('\n')).toBeLessThan(INITIAL_SCRIPT_BUDGET)
      expect(listed.join('\n')).not.toMatch(/Canvas|elk|uplot/i)
    })
  },
)
