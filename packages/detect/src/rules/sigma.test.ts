import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { Recorded } from '../signals/testing/recorded.ts'
import { compileRules } from './compile.ts'
import { toSigma } from './sigma-export.ts'
import { fromSigma } from './sigma-import.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const SCHEMAS = join(ROOT, '../shared/schemas/sigma/json-schema')
const RULES = join(ROOT, 'rules')
const sources = readdirSync(RULES, { withFileTypes: true }).flatMap((one) =>
  one.isDirectory()
    ? [{ name: one.name, file: one.name, text: readFileSync(join(RULES, one.name, 'rule.yml'), 'utf8') }]
    : [],
)

const SPAWN = `title: Shell by a web server
id: 0f2b1e6c-2f0b-4b52-8a5e-4a9c2b7f6d11
status: experimental
logsource:
  product: linux
  category: process_creation
detection:
  selection:
    Image|endswith:
      - '/bash'
      - '/sh'
    CommandLine|contains: 'curl'
  filter:
    CurrentDirectory: '/opt/agent'
  condition: selection and not filter
level: high
`

describe('rules that ship, as plain Sigma', () => {
  const exported = sources.map((source) => ({ ...source, sigma: toSigma(source) }))

  test('are refused only where Sigma has no words for what they need', () => {
    const refused = exported.flatMap(({ name, sigma }) =>
      sigma.kind === 'refused' ? [`${name}: ${sigma.reason}`] : [],
    )
    expect(refused).toEqual([
      'delegation-carries-untrusted-text: Sigma has no words for "remember"',
      'kernel-written-program-connects: Sigma has no words for "remember"',
      'memory-write-word-for-word: Sigma has no words for "remember"',
    ])
  })

  test('are of the product and the names of agents alone: none is taken for one that watches people', () => {
    for (const { name, sigma } of exported)
      if (sigma.kind === 'file')
        for (const document of parseAllDocuments(sigma.text)) {
          const isCorrelation = document.has('correlation')
          expect(isCorrelation ? 'holdfast' : document.getIn(['logsource', 'product']), name).toBe('holdfast')
          expect(document.get('taxonomy'), name).toBe('holdfast')
        }
  })

  test('are read back as they are', () => {
    const read = compileRules(
      exported.flatMap(({ name, file, sigma }) => (sigma.kind === 'file' ? [{ name, file, text: sigma.text }] : [])),
    )
    expect(read.problems).toEqual([])
  })

  test.skipIf(!existsSync(SCHEMAS))(
    'are valid against the schemas of Sigma (skipped where they are not at hand)',
    () => {
      const ajv = new Ajv2020({ strict: false, formats: { uuid: /^[0-9a-f-]{36}$/ } })
      const schema = (file: string): object => {
        const read = JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as Record<string, unknown> // a schema is an object
        // One of them names its dialect with a "#" behind it, which is the same.
        delete read['$schema']
        return read
      }
      const isRule = ajv.compile(schema('sigma-detection-rule-schema.json'))
      const isCorrelation = ajv.compile(schema('sigma-correlation-rules-schema.json'))
      for (const { name, sigma } of exported)
        if (sigma.kind === 'file')
          for (const document of parseAllDocuments(sigma.text)) {
            const value: unknown = document.toJS()
            const validate = document.has('correlation') ? isCorrelation : isRule
            expect(validate(value), `${name}: ${ajv.errorsText(validate.errors)}`).toBe(true)
          }
    },
  )
})

describe('rules of Sigma', () => {
  test('of processes of Linux find what they found', () => {
    const imported = fromSigma({ file: 'spawn.yml', text: SPAWN })
    if (imported.kind === 'refused') throw new Error(imported.problems.map(({ message }) => message).join())
    const { rules, problems } = compileRules([{ name: 'spawn', file: 'spawn.yml', text: imported.text }])
    expect(problems).toEqual([])
    const matched = (recorded: Recorded): number => rules.signals(recorded.events).length
    expect(matched(new Recorded().run(1, '/bin/bash', 'bash -c curl x'))).toBe(1)
    expect(matched(new Recorded().run(1, '/bin/bash', 'bash -c ls'))).toBe(0)
    expect(matched(new Recorded().run(1, '/usr/bin/python3', 'python3 curl'))).toBe(0)
  })

  test.each([
    [
      'of another product',
      SPAWN.replace('linux', 'windows'),
      '4:1 log source windows, process_creation is not read here',
    ],
    [
      'with a field that no sensor tells',
      SPAWN.replace('CurrentDirectory', 'ParentImage'),
      '14:5 no sensor here tells "ParentImage"',
    ],
    [
      'with an unknown field',
      SPAWN.replace('CommandLine', 'ComandLine'),
      '12:5 there is no field "ComandLine", did you mean "CommandLine"?',
    ],
    ['filters', 'title: x\nfilter:\n  rules: [a]\n', '2:1 filters of Sigma are not supported'],
  ])('%s are refused with the reason and the place', (_kind, text, message) => {
    const imported = fromSigma({ file: 'f.yml', text })
    const told =
      imported.kind === 'refused' ? imported.problems.map((one) => `${one.line}:${one.column} ${one.message}`) : []
    expect(
      told.some((one) => one.startsWith(message)),
      told.join('\n'),
    ).toBe(true)
  })
})
