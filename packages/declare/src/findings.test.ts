import type { Component } from '@holdfast/model'
import { expect, test } from 'vitest'
import { manifestFindings, sharedIdentity } from './findings.ts'
import { rowsAt } from './instant.ts'
import { minute, standAt } from './testing/seen.ts'

const AT = 10

function findings(runs: readonly Component[], declares: readonly Component[]) {
  const declared = declares.map((component, i) => ({
    stand: standAt({ component, minutes: [i] }, AT),
    span: { first: minute(i), firstEntry: i, last: minute(i), lastEntry: i },
  }))
  const stands = runs.map((component, i) => standAt({ component, minutes: [5 + i] }, AT))
  return manifestFindings(rowsAt({ at: minute(AT), stands, catalogues: [], declared }))
}

const model = (name: string): Component => ({ kind: 'model', name, details: {} })
const pkg = (version: string): Component => ({ kind: 'package', name: 'langchain_core', version, details: {} })
const framework: Component = { kind: 'framework', name: 'langchain-core', version: '1.4.3', details: {} }
const tool = (name: string): Component => ({ kind: 'tool', name, details: {} })

test('a model that is not the declared one differs, and one that is its dated name does not', () => {
  expect(findings([model('gpt-4o-mini')], [model('gpt-4.1')])).toMatchObject([
    { kind: 'declared-differs', declared: [{ name: 'gpt-4.1' }], observed: { name: 'gpt-4o-mini' }, proof: [0, 5] },
  ])
  expect(findings([model('gpt-4.1-2025-04-14')], [model('gpt-4.1')])).toEqual([])
})

test('a patch that is not the pinned one differs; a range admits it', () => {
  expect(findings([framework], [pkg('1.4.2')])).toMatchObject([
    { kind: 'declared-differs', observed: { version: '1.4.3' } },
  ])
  expect(findings([framework], [pkg('1.4.3')])).toEqual([])
  expect(findings([framework], [pkg('^1.4.2')])).toEqual([])
  expect(findings([framework], [pkg('>=1,<2'), pkg('1.4.3')])).toEqual([])
})

test('an undeclared tool is a finding where tools are declared, and none where a manifest names no tools', () => {
  expect(findings([tool('read_file')], [tool('lookup')])).toMatchObject([
    { kind: 'observed-only', observed: { name: 'read_file' } },
  ])
  expect(findings([tool('read_file')], [model('gpt-4.1')])).toEqual([])
})

test('DEC-10 a shared identity names the union of reach and what each loses by splitting', () => {
  const agents = [
    { agent: 'b', uses: ['s3:PutObject out'], proof: [2] },
    { agent: 'a', uses: ['s3:GetObject in', 's3:PutObject out'], proof: [1] },
  ]
  expect(sharedIdentity('role', agents)).toEqual({
    identity: 'role',
    union: ['s3:GetObject in', 's3:PutObject out'],
    agents: [
      { agent: 'a', uses: ['s3:GetObject in', 's3:PutObject out'], loses: [], proof: [1] },
      { agent: 'b', uses: ['s3:PutObject out'], loses: ['s3:GetObject in'], proof: [2] },
    ],
  })
  expect(sharedIdentity('role', agents.slice(0, 1))).toBeUndefined()
})
