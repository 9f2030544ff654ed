import { expect, test } from 'vitest'
import { junitText } from './junit.ts'

test('each check is a case; what does not hold is a failure, what could not be checked an error, and both are counted', () => {
  const failure = { kind: 'failure', message: 'a < b & "c"', lines: ['first', 'second'] } as const
  const xml = junitText({
    name: 'holdfast doctor',
    suite: 'doctor',
    cases: [
      { name: 'holds', group: 'store' },
      { name: 'is told', group: 'store', note: 'WARN: soon full' },
      { name: 'fails', group: 'capture', found: [failure, { kind: 'error', message: 'x', lines: [] }] },
    ],
  })
  expect(xml).toContain('<testsuites name="holdfast doctor" tests="3" failures="1" errors="1">')
  expect(xml).toContain('<testcase name="holds" classname="store"/>')
  expect(xml).toContain('<system-out>WARN: soon full</system-out>')
  expect(xml).toContain('<failure message="a &#60; b &#38; &#34;c&#34;">first\nsecond</failure>')
})

test('what a sender named closes no element and holds nothing that XML forbids', () => {
  const hostile = '</testcase><testcase name="forged"/>\u0000\u001b]]>\u202e\ud800'
  const xml = junitText({
    name: hostile,
    suite: hostile,
    cases: [
      {
        name: hostile,
        group: hostile,
        found: [{ kind: 'failure', message: hostile, lines: [hostile] }],
        note: hostile,
      },
    ],
  })
  expect(xml.match(/<testcase /g)).toHaveLength(1)
  expect(xml.match(/<\/testcase>/g)).toHaveLength(1)
  expect(xml.isWellFormed()).toBe(true)
  // oxlint-disable-next-line no-control-regex -- what XML forbids is looked for
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202e]/)
})
