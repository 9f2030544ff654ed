import { expect, test } from 'vitest'
import { yamlDocuments } from './text-documents.ts'

test('a list has more documents than a call takes arguments', () => {
  const items = 200_000
  expect(yamlDocuments(`kind: List\nitems: [${'0,'.repeat(items)}]`)).toHaveLength(items)
})

test('text that is no YAML, and one scalar, are no documents', () => {
  expect(yamlDocuments('kind: List\nitems: [1, 2]\n---\nkind: Pod')).toEqual([1, 2, { kind: 'Pod' }])
  expect(yamlDocuments('kind: List\nitems: none')).toEqual([{ kind: 'List', items: 'none' }])
  expect([yamlDocuments('{'), yamlDocuments('hello')]).toEqual([undefined, undefined])
})
