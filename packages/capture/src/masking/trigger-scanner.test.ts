import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FIELD_TRIGGERS } from './field-rules.ts'
import { TEXT_TRIGGERS } from './text-rules.ts'
import { TOKEN_TRIGGERS } from './token-rules.ts'
import { compileTriggers, TriggerScanner } from './trigger-scanner.ts'

const WORDS = [...TOKEN_TRIGGERS, ...TEXT_TRIGGERS, ...FIELD_TRIGGERS]
const triggers = compileTriggers(WORDS)

/** Text of words, their beginnings in either case, and whatever bytes. */
const part = fc.oneof(
  fc.constantFrom(...WORDS).map((word) => latin1(word.replaceAll('?', '7'))),
  fc.constantFrom(...WORDS).map((word) => latin1(word.replaceAll('?', 'Q').toUpperCase())),
  fc.constantFrom(...WORDS).chain((word) => fc.nat(3).map((length) => latin1(word.slice(0, length)))),
  fc.uint8Array({ maxLength: 40 }),
)
const text = fc.array(part, { maxLength: 80 }).map((parts) => Uint8Array.from(parts.flatMap((bytes) => [...bytes])))

test('finds every place at which a word begins, and no other', () => {
  fc.assert(
    fc.property(text, (bytes) => {
      expect(allOf(new TriggerScanner(bytes, triggers))).toEqual(naive(bytes))
    }),
    { numRuns: 300 },
  )
})

test('finds each word wherever it stands, across the ends of the pieces that are searched at once', () => {
  const bytes = new Uint8Array(120_000).fill(0x2e)
  const places: number[] = []
  for (let at = 0; at + 4 <= bytes.length; at += 7) {
    bytes.set(latin1((WORDS[at % WORDS.length] ?? '').replaceAll('?', 'a')), at)
    places.push(at)
  }
  const found = new Set(allOf(new TriggerScanner(bytes, triggers)))
  expect(places.filter((at) => !found.has(at))).toEqual([])
})

test('two scanners that take turns find what each would find alone', () => {
  fc.assert(
    fc.property(text, text, fc.infiniteStream(fc.boolean()), (one, other, turns) => {
      const scanners = [one, other].map((bytes) => ({
        scanner: new TriggerScanner(bytes, triggers),
        found: [] as number[],
      }))
      const done = new Set<boolean>()
      for (const turn of turns) {
        const side = scanners[turn ? 1 : 0]
        const at = side?.scanner.next((side.found.at(-1) ?? -1) + 1) ?? -1
        if (at >= 0) side?.found.push(at)
        else done.add(turn)
        if (done.size === 2) break
      }
      expect(scanners.map(({ found }) => found)).toEqual([naive(one), naive(other)])
    }),
    { numRuns: 100 },
  )
})

test('does not find a word that was overwritten after the scanner had read past it', () => {
  const bytes = latin1('ghp_ ghp_ ghp_')
  const scanner = new TriggerScanner(bytes, triggers)
  expect(scanner.next(0)).toBe(0)
  bytes.fill(0x2a, 5, 9)
  expect(scanner.next(1)).toBe(10)
})

function allOf(scanner: TriggerScanner): readonly number[] {
  const found: number[] = []
  for (let at = scanner.next(0); at >= 0; at = scanner.next(at + 1)) found.push(at)
  return found
}

/** The words one by one at every place; letters and the signs beside them in ASCII compare without bit 5. */
function naive(bytes: Uint8Array): readonly number[] {
  const found: number[] = []
  for (let at = 0; at + 4 <= bytes.length; at += 1) {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4).map((byte) => byte | 0x20)
    if (triggers.words.has((a << 24) | (b << 16) | (c << 8) | d)) found.push(at)
  }
  return found
}

function latin1(characters: string): Uint8Array {
  return Uint8Array.from(characters, (character) => character.charCodeAt(0))
}
