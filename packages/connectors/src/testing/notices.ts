import type { UnixNano } from '@holdfast/model'
import type { Notice } from '@holdfast/respond'
import type { Delivery } from '../channel.ts'
import type { ChannelFilter } from '../channel-filter.ts'

/** Everything passes. */
export const ALL: ChannelFilter = { kinds: 'all', severity: 'info', for: [] }

export const BASE = 'https://holdfast.example'

/** A notice of one incident; what a test is not about is plain. */
export function noticeWith(change: Partial<Notice> = {}): Notice {
  return {
    id: 'opened:inc-1',
    kind: 'incident-opened',
    incident: 'inc-0123456789abcdef',
    type: 'privilege-boundary-escape',
    severity: 'high',
    title: 'Privilege boundary escape: refund-agent',
    lines: ['Confidence 0.82, stated', 'Harm: effect seen on S3'],
    for: [],
    path: '/incidents/inc-0123456789abcdef',
    at: 1_790_000_000_000_000_000n as UnixNano,
    ...change,
  }
}

/** Its first try, unless told. */
export function deliveryOf(notice: Notice, change: Partial<Delivery> = {}): Delivery {
  return { key: `key-${notice.id}`, notice, attempt: 1, earlier: [], references: [], ...change }
}

/** What somebody who names agents, tools and teams may try on whoever reads of them. */
export const HOSTILE: readonly string[] = [
  '<!channel> <@U123> <https://evil.example|click>',
  '*bold* _it_ ~no~ `code` @here @channel',
  'a|b\\c=d|e\\|f\\=g CEF:0|x|y|1|z|z|10|act=none',
  'line one\nline two\r\n<134>1 2026-01-01T00:00:00Z evil app - - - forged',
  'https://evil.example/?token= and javascript:alert(1) and www.evil.example',
  '\u202Eevil\u202C \u200B\u2066hidden\u2069 \u{E0041}\u{E0042}',
  '\u001b[31mred\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u009b2J',
  '{code}rm -rf{code} [~admin] !image.png! |table| h1. x {{mono}}',
  '"}],"event":{"forged":true},"x":[{"y":"',
  '\uD800 lone \uDFFF surrogates \0 nul',
  'A'.repeat(5_000),
  '\u{1F600}'.repeat(2_000),
  '=cmd|calc!A1 +1 -1 @SUM(1)',
  '&lt;!channel&gt; &amp;',
  '',
]
