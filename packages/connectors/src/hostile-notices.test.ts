import { isHiddenCharacter } from '@holdfast/model'
import { hostilePayloads } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { adfDocument } from './jira/adf.ts'
import { cefLine } from './siem/cef.ts'
import { ocsfEvent } from './siem/ocsf.ts'
import { cardBlocks, fallbackText, threadBlocks } from './slack/card.ts'
import { BASE, noticeWith } from './testing/notices.ts'
import { noticeText } from './text/notice-text.ts'

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1)
const OPTIONS = { key: 'k', base: BASE, version: '0.1.0' }

test(`no notice of a thousand hostile texts hides, forges a line or names a link of theirs, seed ${seed}`, () => {
  for (const { family, text } of hostilePayloads({ seed, count: 1_000 })) {
    const notice = noticeWith({ title: text, lines: [text, 'Harm: none'], for: [text] })
    const { lines, title } = noticeText(notice, BASE)
    const forms = {
      ocsf: JSON.stringify(ocsfEvent(notice, OPTIONS)),
      cef: cefLine(notice, OPTIONS),
      slack: JSON.stringify([cardBlocks([notice], BASE), threadBlocks(notice, BASE), fallbackText(notice, BASE)]),
      jira: JSON.stringify(adfDocument({ paragraphs: [title], items: lines, link: `${BASE}${notice.path}` })),
    }
    for (const [form, made] of Object.entries(forms)) {
      const hidden = Array.from(made).filter((character) => isHiddenCharacter(character.codePointAt(0) ?? 0))
      expect([form, family, text, hidden]).toEqual([form, family, text, []])
      // The only address is that of the workspace.
      expect(made.replaceAll(BASE, '')).not.toMatch(/[a-z]:\/\/(?!holdfast)/i)
    }
  }
})
