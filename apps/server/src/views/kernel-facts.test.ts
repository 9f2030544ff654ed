import type { EventSummary } from '@holdfast/model'
import { expect, test } from 'vitest'
import { kernelFacts } from './kernel-facts.ts'

function factsOf(body: object, context: object = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(kernelFacts({ body, context } as unknown as EventSummary)) // nothing else is read
}

test('both ends of a connection are addresses with their ports', () => {
  const ends = { local: { address: '::1', port: 40_000 }, remote: { address: '10.0.0.2', port: 443 } }
  expect(factsOf({ kind: 'connection', action: 'connect', protocol: 'tcp', ...ends, result: 0 })).toEqual({
    local: '[::1]:40000',
    remote: '10.0.0.2:443',
  })
})

test('flags and errors have their names', () => {
  const file = { kind: 'file', action: 'write', path: '/a', flags: 0o2001101, result: -13 }
  expect(factsOf(file)).toEqual({ flags: 'O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC', result: '-13 (EACCES)' })
  expect(factsOf({ ...file, flags: 0x8000_0000, result: 3 })).toEqual({ flags: 'O_RDONLY|0x80000000' })
})

test('an act names its details, its process and how it came by its trace', () => {
  const act = { kind: 'kernel', action: 'unshare', target: '', details: { flags: 'CLONE_NEWNS' }, result: 0 }
  expect(factsOf(act, { process: 'b0070000.7.70', contextBasis: 'environment' })).toEqual({
    process: 'b0070000.7.70',
    contextBasis: 'environment',
    flags: 'CLONE_NEWNS',
  })
})
