import { isHiddenCharacter } from '@holdfast/model'
import { type IncidentReport, toHtml, toMarkdown, toStix } from '@holdfast/respond'
import { hostilePayloads } from '@holdfast/testkit'
import { expect, test } from 'vitest'

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1)

test(`a report of two hundred hostile texts is text alone, as HTML and as Markdown, seed ${seed}`, () => {
  const plain = tagsOf(htmlOf('plain'))
  for (const { text } of hostilePayloads({ seed, count: 200 })) {
    const html = htmlOf(text)
    const markdown = toMarkdown(pageOf(text))
    // Nothing is an element or an attribute that is none of ours.
    expect([text, tagsOf(html)]).toEqual([text, plain])
    for (const made of [html, markdown]) {
      expect(hiddenIn(made), JSON.stringify(text)).toEqual([])
      expect(made).not.toMatch(/:\/\//)
    }
    const [, ...lines] = markdown.replaceAll(/\\[\s\S]/g, '').split('\n')
    for (const line of lines) expect(line, JSON.stringify(text)).not.toMatch(/[<>[\]`!*_]/)
  }
})

test(`a name in a pattern of STIX is one comparison, and reads as it was recorded, seed ${seed}`, () => {
  const seen = { count: 1, first: '2026-11-21T01:00:00Z', last: '2026-11-21T01:00:00Z', entries: [5] }
  for (const { text } of hostilePayloads({ seed, count: 200 })) {
    const bundle = toStix(reportOf(text), [{ kind: 'file', value: text, isIndicator: true, ...seen }])
    const objects = new Map(bundle.objects.map((object) => [object.type, object]))
    expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle)
    expect(objects.get('file')?.['name']).toBe(text)
    expect(objects.get('incident')?.['description']).toBe(text)
    const pattern = String(objects.get('indicator')?.['pattern'])
    const [, literal] = /^\[file:name = '((?:\\[\\']|[^\\'])*)'\]$/.exec(pattern) ?? []
    expect(literal?.replaceAll(/\\([\\'])/g, '$1'), pattern).toBe(text)
  }
})

/** As far as STIX tells of it. */
function reportOf(text: string): IncidentReport {
  return {
    generated: { at: '2026-11-21T02:00:00Z' },
    incident: { id: 'inc-1', type: 'reasoning-compromise', contributing: [], agents: [text], headline: text },
    confidence: { value: 0.5, standing: 'stated' },
    evidence: { completeness: 1 },
    integrity: { origin: 'holdfast', size: 1, rootHash: '' },
    remediation: { actions: [{ id: 'a', words: text, state: 'planned' }] },
    frameworks: [],
  } as unknown as IncidentReport // every member that toStix reads
}

function pageOf(text: string): Parameters<typeof toHtml>[0] {
  return {
    title: text,
    sections: [
      {
        title: text,
        blocks: [
          { kind: 'words', words: text },
          { kind: 'facts', facts: [[text, text]] },
          { kind: 'table', of: 'acts', columns: ['What'], rows: [[text]] },
        ],
      },
    ],
  }
}

function htmlOf(text: string): string {
  return toHtml(pageOf(text))
}

function tagsOf(html: string): readonly string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
}

function hiddenIn(made: string): readonly string[] {
  return Array.from(made.replaceAll('\n', '')).filter((character) => isHiddenCharacter(character.codePointAt(0) ?? 0))
}
