import { isHiddenCharacter } from '@holdfast/model'
import { toHtml, toMarkdown } from '@holdfast/respond'
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
