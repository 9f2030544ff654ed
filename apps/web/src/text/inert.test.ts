import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hiddenCharacterName } from './code-points.ts'
import { inertCopy, inertLine, toInert } from './inert.ts'

describe('toInert', () => {
  test('leaves ordinary text of any language as it is', () => {
    for (const text of ['Refund order 4471, please.', 'größer ñandú 東京 שלום 🙂‍', 'a\tb\nc\r\nd']) {
      const plain = text.replaceAll('\u200d', '')
      expect(toInert(plain)).toEqual({ parts: [{ kind: 'text', text: plain }], hidden: 0, mixed: 0, cut: 0 })
    }
  })

  test.each([
    ['see https://evil.example/a.b?x=1 now', 'see hxxps://evil[.]example/a.b?x=1 now'],
    ['HTTP://EVIL.example', 'hxxp://EVIL[.]example'],
    ['(http://a.b)', '(hxxp://a[.]b)'],
    ['x_https://a.b', 'x_hxxps://a[.]b'],
    ['/http://a.b', '/hxxp://a[.]b'],
    ['![x](https://a.b/c.png)', '![x](hxxps://a[.]b/c.png)'],
    ['javascript:alert(1)', 'javascript[:]alert(1)'],
    ['javascript: alert(1)', 'javascript[:] alert(1)'],
    ['data:text/html,x', 'data[:]text/html,x'],
    ['it can carry wrong data: what is sent', 'it can carry wrong data: what is sent'],
    ['gopher://a.b/?u=http://c.d', 'gopher[:]//a[.]b/?u=http[:]//c.d'],
    ['www.evil.example', 'www[.]evil[.]example'],
    [`www.${'a'.repeat(30)}http://b.c`, `www[.]${'a'.repeat(30)}http[:]//b[.]c`],
    [`${'a'.repeat(40)}http://b.c`, `${'a'.repeat(40)}http[:]//b[.]c`],
  ])('defangs %s', (text, shown) => {
    expect(inertCopy(text)).toBe(shown)
  })

  test('names hidden, bidirectional, tag and control characters and counts them', () => {
    const found = toInert('a\u202eb\u200bc\u{e0041}\u0007\u001b[31m\u0085')
    expect(found.parts.flatMap((part) => (part.kind === 'hidden' ? [part.name] : []))).toEqual([
      'RLO',
      'ZWSP',
      'TAG A',
      'BEL',
      'ESC',
      'U+0085',
    ])
    expect(found.hidden).toBe(6)
  })

  test('marks a word whose letters come from scripts that look alike', () => {
    expect(toInert('log in at p\u0430ypal today').parts[1]).toEqual({
      kind: 'mixed',
      text: 'p\u0430ypal',
      scripts: ['Latin', 'Cyrillic'],
    })
    expect(toInert('привет world').mixed).toBe(0)
  })

  test('shows a mask by its rule', () => {
    expect(toInert('key [masked:openai-key]**** end').parts[1]).toEqual({
      kind: 'masked',
      rule: 'openai-key',
      characters: 23,
    })
  })

  test('names base64 instead of showing it, and leaves long words alone', () => {
    const png = `iVBORw0KGgo${'aB3+'.repeat(100)}==`
    const part = toInert(`before ${png} after`).parts[1]
    expect(part).toMatchObject({ kind: 'base64', run: { mediaType: 'image/png', bytes: 308 } })
    expect(toInert('a'.repeat(5000)).parts).toEqual([{ kind: 'text', text: 'a'.repeat(5000) }])
  })

  test('collapses a stack of combining marks', () => {
    expect(toInert(`a${'\u0301'.repeat(40)}b`).parts[1]).toMatchObject({ kind: 'hidden', name: '40 MARKS' })
  })
})

/** Text made of what attackers use, so that every branch is reached and met by the others. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'http://',
        'https://a.b/',
        '://',
        'javascript:',
        'data:image/png;base64,',
        '<script>',
        '![x](',
        '[masked:',
        ']***',
        '\u202e',
        '\u200b',
        '\u{e0041}',
        '\u001b[0m',
        '\r',
        '\n',
        '/',
        '+',
        'www.',
        '\ud800',
        'а',
        'a\u0301\u0301\u0301\u0301\u0301',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ minLength: 190, maxLength: 260, unit: fc.constantFrom('a', 'B', '3', '+', '/') }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''))

describe('for all text', () => {
  test('what is shown holds no hidden character and no URL that a program would follow', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const shown of [inertCopy(text), inertLine(text, 10_000)]) {
          for (const character of shown) {
            const code = character.codePointAt(0)!
            expect(hiddenCharacterName(code)).toBeUndefined()
          }
          for (let at = shown.indexOf('://'); at !== -1; at = shown.indexOf('://', at + 1)) {
            expect(shown.slice(0, at)).toMatch(/(hxxps?|fxp|wxss?)$/)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('no character is lost: the parts cover the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { parts, cut } = toInert(text)
        const visible = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))
        let from = 0
        for (const piece of visible) {
          const at = text.indexOf(piece, from)
          expect(at).toBeGreaterThanOrEqual(from)
          from = at + piece.length
        }
        expect(cut).toBe(0)
      }),
    )
  })

  test('a text of nothing but hidden characters is bounded, and what is cut is counted', () => {
    const { parts, cut } = toInert('\u200b'.repeat(20_000))
    expect(parts.length + cut).toBe(20_000)
    expect(cut).toBeGreaterThan(0)
  })
})
