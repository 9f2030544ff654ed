import { expect, test } from 'vitest'
import { junitOf, sarifOf, type Tried } from './pipeline-forms.ts'

const problem = {
  file: '/repo/rules/a b/rule.yml',
  line: 4,
  column: 7,
  message: 'field "evnt.kind" is unknown [x](https://evil.example)\u001b[2J',
}

test('each problem is a result at its line, by a path that a checkout elsewhere has too', () => {
  const sarif = sarifOf([problem, { ...problem, file: '/other/rule.yml' }], '/repo')
  expect(sarif).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        results: [
          {
            message: { text: String.raw`field "evnt.kind" is unknown \[x\](https://evil.example)␛\[2J` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'rules/a%20b/rule.yml' },
                  region: { startLine: 4, startColumn: 7 },
                },
              },
            ],
          },
          { locations: [{ physicalLocation: { artifactLocation: { uri: 'file:///other/rule.yml' } } }] },
        ],
      },
    ],
  })
})

test('each rule is a case; what its data contradict is a failure, what cannot be read an error', () => {
  const tried: readonly Tried[] = [
    { name: 'sound', file: '/repo/sound/rule.yml', refused: [], faults: [] },
    {
      name: 'wrong',
      file: '/repo/wrong/rule.yml',
      refused: [],
      faults: [{ ...problem, message: 'a < b & "c"' }, problem],
    },
    { name: 'refused', file: '/repo/refused/rule.yml', refused: [problem], faults: [] },
  ]
  const xml = junitOf(tried, [{ ...problem, file: '/repo/none', message: 'no such path' }], '/repo')
  expect(xml).toContain('<testsuites name="holdfast rules test" tests="4" failures="1" errors="2">')
  expect(xml).toContain('<testcase name="sound" classname="sound/rule.yml"/>')
  expect(xml).toContain('<failure message="a &#60; b &#38; &#34;c&#34;">')
  expect(xml.match(/<failure /g)).toHaveLength(1)
  expect(xml.match(/<error /g)).toHaveLength(2)
  // oxlint-disable-next-line no-control-regex -- what XML forbids is looked for
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
})
