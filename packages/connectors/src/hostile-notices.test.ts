import { isHiddenCharacter } from '@holdfast/model'
import { hostilePayloads } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import type { Outgoing } from './http/outgoing.ts'
import { adfDocument } from './jira/adf.ts'
import { pagerDutyChannel } from './pagerduty/pagerduty.ts'
import { cefLine } from './siem/cef.ts'
import { ocsfEvent } from './siem/ocsf.ts'
import { cardBlocks, fallbackText, threadBlocks } from './slack/card.ts'
import { ALL, BASE, deliveryOf, noticeWith } from './testing/notices.ts'
import { noticeText } from './text/notice-text.ts'
import { webhookChannel } from './webhook/webhook.ts'

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1)
/** Seconds of computing; on a machine where all tests run at once, minutes. */
const LONG = { timeout: 600_000 }
const OPTIONS = { key: 'k', base: BASE, version: '0.1.0' }

test(
  `no notice of five thousand hostile texts hides, forges a line or names a link of theirs, seed ${seed}`,
  LONG,
  async () => {
    const sent: string[] = []
    const outgoing: Pick<Outgoing, 'send'> = {
      send: async ({ body = '' }) => {
        sent.push(String(body)) // of notices it is text
        return { status: 'answered', code: 202, body: '', bytes: new Uint8Array() }
      },
    }
    const to = { name: 'x', filter: ALL, outgoing, base: BASE }
    const channels = [
      webhookChannel({ ...to, url: `${BASE}/hook`, secrets: [Buffer.alloc(32)], now: () => 0 }),
      pagerDutyChannel({ ...to, api: BASE, routingKey: 'k' }),
    ]
    for (const { family, text } of hostilePayloads({ seed, count: 5_000 })) {
      const notice = noticeWith({ title: text, lines: [text, 'Harm: none'], for: [text] })
      const { lines, title } = noticeText(notice, BASE)
      sent.length = 0
      for (const channel of channels) await channel.deliver([deliveryOf(notice)])
      const [webhook = '', pagerduty = ''] = sent
      const forms = {
        webhook,
        pagerduty,
        ocsf: JSON.stringify(ocsfEvent(notice, OPTIONS)),
        cef: cefLine(notice, OPTIONS),
        slack: JSON.stringify([cardBlocks([notice], BASE), threadBlocks(notice, BASE), fallbackText(notice, BASE)]),
        jira: JSON.stringify(adfDocument({ paragraphs: [title], items: lines, link: `${BASE}${notice.path}` })),
      }
      for (const [form, made] of Object.entries(forms)) {
        // Vitest is slow at saying that things are equal: it is asked where they are not.
        const isHidden = Array.from(made).some((character) => isHiddenCharacter(character.codePointAt(0) ?? 0))
        // The only address is that of the workspace.
        const isLinked = /[a-z]:\/\/(?!holdfast)/i.test(made.replaceAll(BASE, ''))
        if (isHidden || isLinked) expect.fail(`${form} of ${family}: ${JSON.stringify(text)} became ${made}`)
      }
    }
  },
)
