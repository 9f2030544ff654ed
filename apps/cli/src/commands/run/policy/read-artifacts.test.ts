import fc from 'fast-check'
import { expect, test } from 'vitest'
import { artifactsIn } from './read-artifacts.ts'
import { egressArtifact, madeArtifact } from './testing/made-artifact.ts'

const entry = fc.oneof(
  fc.record({
    address: fc.ipV4(),
    prefix: fc.integer({ min: 0, max: 32 }),
    port: fc.integer({ min: 0, max: 65_535 }),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  }),
  fc.record({
    name: fc.constantFrom('api.example.test', '*.example.test'),
    port: fc.integer({ min: 0, max: 65_535 }),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  }),
)

test('whatever list a generator makes comes back from its file as it was', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), (egress) => {
      const artifact = egressArtifact(egress)
      expect(artifactsIn(JSON.stringify(artifact), 'f')).toEqual([artifact])
      expect(artifactsIn(JSON.stringify([artifact, artifact]), 'f')).toHaveLength(2)
      expect(artifactsIn(JSON.stringify({ agent: 'a', artifacts: [artifact] }), 'f')).toEqual([artifact])
    }),
  )
})

test('one altered character anywhere is found, and the message names the artifact', () => {
  const artifact = madeArtifact('seccomp', { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [] })
  const altered = { ...artifact, document: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] } }
  expect(() => artifactsIn(JSON.stringify(altered), 'f.json')).toThrow(`the artifact ${artifact.id} was altered`)
  expect(() => artifactsIn(JSON.stringify({ ...artifact, more: 1 }), 'f.json')).toThrow('was altered')
})

test.each([
  ['{', 'this is no JSON'],
  ['[]', 'holds no policy artifact'],
  ['{"artifacts":[]}', 'holds no policy artifact'],
  ['{"id":"x"}', 'this is no policy artifact'],
  ['7', 'this is no policy artifact'],
])('%s is refused by name', (text, words) => {
  expect(() => artifactsIn(text, 'f.json')).toThrow(words)
})
