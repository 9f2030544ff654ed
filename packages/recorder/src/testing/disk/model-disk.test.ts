import { expect, test } from 'vitest'
import { randomFrom } from '../random.ts'
import type { DiskStep } from './disk-step.ts'
import { ModelDisk } from './model-disk.ts'

/** Every image that a thousand seeds give, as text. */
function images(steps: readonly DiskStep[]): ReadonlySet<string> {
  const disk = new ModelDisk()
  for (const step of steps) disk.apply(step)
  const seen = Array.from({ length: 1000 }, (_, seed) => [...disk.image(randomFrom(seed))])
  return new Set(seen.map((files) => JSON.stringify(files.map(([name, bytes]) => [name, bytes.toString('latin1')]))))
}

const create = { kind: 'create', name: 'a' } as const
const sync = { kind: 'sync', name: 'a' } as const
const syncNames = { kind: 'sync', name: '' } as const
const write = (offset: number, text: string): DiskStep => ({
  kind: 'write',
  name: 'a',
  offset,
  bytes: Buffer.from(text),
})

test('what was synced is in every image', () => {
  expect(images([create, write(0, 'kept'), sync, syncNames])).toEqual(new Set(['[["a","kept"]]']))
})

test('a file whose name was not synced may be gone, its synced bytes with it', () => {
  expect(images([create, write(0, 'kept'), sync])).toEqual(new Set(['[]', '[["a","kept"]]']))
})

test('a write that was not synced may be there, absent, or torn at a sector', () => {
  const seen = images([create, sync, syncNames, write(0, 'x'.repeat(512) + 'y'.repeat(512))])
  const none = '[["a",""]]'
  const whole = `[["a","${'x'.repeat(512)}${'y'.repeat(512)}"]]`
  const first = `[["a","${'x'.repeat(512)}"]]`
  const second = JSON.stringify([['a', '\0'.repeat(512) + 'y'.repeat(512)]])
  expect(seen).toEqual(new Set([none, whole, first, second]))
})

test('of two writes that were not synced the later may be there without the earlier', () => {
  const seen = images([create, write(0, 'ab'), sync, syncNames, write(0, 'A'), write(1, 'B')])
  expect(seen).toEqual(new Set(['[["a","ab"]]', '[["a","Ab"]]', '[["a","aB"]]', '[["a","AB"]]']))
})

test('a rename that was not synced leaves the old name or the new one', () => {
  const renamed: DiskStep = { kind: 'rename', name: 'a', to: 'b' }
  expect(images([create, write(0, 'x'), sync, syncNames, renamed])).toEqual(new Set(['[["a","x"]]', '[["b","x"]]']))
})
