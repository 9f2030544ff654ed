import type { DrawnGraph } from '@holdfast/api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { graphPicture } from './graph-picture.ts'
import { placeInLanes } from './layout.ts'

function graphOf(labels: readonly string[]): DrawnGraph {
  return {
    mode: 'as-run',
    nodes: labels.map((label, index) => ({
      id: `n${index}`,
      kind: 'message' as const,
      lane: index % 2 === 0 ? ('input' as const) : ('tool' as const),
      label,
      agent: 'a',
      claimedAt: String(index),
      status: 'ok' as const,
      contents: [],
      bytes: 0,
      tier: 'self-reported' as const,
      clock: 'live' as const,
      count: index === 0 ? 3 : 1,
      members: [`n${index}`],
    })),
    edges: labels.slice(1).map((_, index) => ({
      from: `n${index}`,
      to: `n${index + 1}`,
      kind: 'entered' as const,
      basis: 'content' as const,
      count: 1,
    })),
    total: { nodes: labels.length, edges: 0 },
    folded: 0,
    contradictions: [],
    contradictionsTotal: 0,
    unjoined: [],
    hubs: [],
  }
}

const pictureOf = (labels: readonly string[], caption: readonly string[] = []): string => {
  const graph = graphOf(labels)
  return graphPicture({ graph, placed: placeInLanes(graph), colours: () => '#123456', caption })
}

const ALLOWED = new Set(['svg', 'g', 'rect', 'path', 'circle', 'text'])
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '</text><script>alert(1)</script>',
    '"/><image href="https://evil.example/x.png"/>',
    '<![CDATA[x]]><foreignObject>',
    '&xxe;',
    '$&</text>',
    '\u{202e}drawkcab',
    '\u{0}\u{1b}[31m',
    '\u{d800}',
    'javascript:alert(1)',
  ),
)

test('captured text adds no element, attribute, link or script to a picture, and the file stays XML', () => {
  fc.assert(
    fc.property(
      fc.array(hostile, { minLength: 1, maxLength: 5 }),
      fc.array(hostile, { maxLength: 2 }),
      (labels, caption) => {
        const svg = pictureOf(labels, caption)
        const harmless = pictureOf(
          labels.map(() => 'x'),
          caption.map(() => 'x'),
        )
        const tags = (text: string): readonly string[] =>
          Array.from(text.matchAll(/<(\/?[a-z]+)[\s>]/gi), ([, tag]) => tag ?? '')
        expect(tags(svg)).toEqual(tags(harmless))
        expect(tags(svg).every((tag) => ALLOWED.has(tag.replace('/', '')))).toBe(true)
        // Outside of tags nothing opens one, and every ampersand begins one of five names.
        expect(svg).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos);)/)
        expect(svg.replace(/>[^<]*</g, '><')).not.toMatch(/ (?:href|xlink:href|on\w+|style)=/)
        expect(svg).not.toMatch(/[^\P{Cc}\n\t\r]|[\u{202a}-\u{202e}\u{ffff}]/u)
      },
    ),
  )
})

test('a picture says what it is of, how its joins are known and what stands for several', () => {
  const svg = pictureOf(['mail', 'send'], ['conversation c-1'])
  expect(svg).toContain('conversation c-1')
  expect(svg).toContain('joins: content 1 (dashed, inferred)')
  expect(svg).toContain('stroke-dasharray="7 4"')
  expect(svg).toContain('message · ×3')
})

test('the same drawing gives the same bytes', () => {
  expect(pictureOf(['a', 'b'])).toBe(pictureOf(['a', 'b']))
})
