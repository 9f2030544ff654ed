import type { Notice } from '@holdfast/respond'
import { inertLine } from '../text/inert.ts'
import { noticeText, type NoticeText } from '../text/notice-text.ts'

/** Slack's own bounds: 150 characters in a header, 3,000 in a text; a card is read on a phone. */
const HEADER = 150
const TEXT = 2_900
const FACTS_SHOWN = 8
/** Of a plan that does not fit whole: the beginning of as many lines as fit. */
const SHORT_LINE = 140

/** Ids of the buttons, as the interaction that they cause names them. */
export const APPROVE_ACTION = 'holdfast_approve'
const OPEN_ACTION = 'holdfast_open'

export type Block = Readonly<Record<string, unknown>>

/**
 * The one card of an incident, from all that was told of it, the oldest first. Captured names stand in plain text alone, where
 * Slack reads no markup, no mention and no link. The button to approve carries the hash of the plan that waits, so that no
 * other plan can be approved with it; a plan that the card does not show whole has none, and is approved in the workspace.
 */
export function cardBlocks(told: readonly Notice[], base: string): readonly Block[] {
  const newest = told.at(-1)
  if (newest === undefined) return []
  const named = told.filter(({ kind }) => kind === 'incident-opened' || kind === 'incident-revised')
  // What says how sure it is describes the incident; others only speak of it.
  const head = named.findLast(({ confidence }) => confidence !== undefined) ?? named.at(-1) ?? newest
  const { title, lines, link } = noticeText(head, base)
  const asked = waitingApproval(told)
  const approval = asked === undefined ? undefined : approvalOf(asked, noticeText(asked, base))
  return [
    { type: 'header', text: plain(title.slice(0, HEADER)) },
    ...(lines.length === 0 ? [] : [section(lines.join('\n'))]),
    ...(approval === undefined ? [] : [{ type: 'divider' }, section(approval.text)]),
    ...factBlocks(told.filter((notice) => notice !== head && notice !== asked)),
    {
      type: 'actions',
      elements: [
        ...(asked?.plan === undefined || approval?.isWhole !== true ? [] : [approveButton(asked.plan)]),
        { type: 'button', action_id: OPEN_ACTION, text: plain('Open in Holdfast'), url: link },
      ],
    },
  ]
}

/** What the notification on a phone shows, where Slack reads markup: nothing of it is markup, mention or link. */
export function fallbackText(notice: Notice, base: string): string {
  return escapeMarkup(noticeText(notice, base).title)
}

/** One fact in the thread of a card. */
export function threadBlocks(notice: Notice, base: string): readonly Block[] {
  const { title, lines } = noticeText(notice, base)
  return [section([title, ...lines].join('\n'))]
}

/** `&`, `<` and `>`: all that Slack asks to have escaped; without them there is no mention and no link. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The plan that nobody has answered yet. */
function waitingApproval(told: readonly Notice[]): Notice | undefined {
  const asked = told.findLast(({ kind }) => kind === 'approval-asked')
  if (asked?.plan === undefined) return undefined
  const after = told.slice(told.indexOf(asked) + 1)
  const isAnswered = after.some(
    ({ kind, plan }) =>
      kind === 'case-closed' || ((kind === 'plan-applied' || kind === 'plan-failed') && plan === asked.plan),
  )
  return isAnswered ? undefined : asked
}

/** What somebody says yes to, and whether all of it is there. */
function approvalOf(
  asked: Notice,
  { title, lines, isWhole }: NoticeText,
): { readonly text: string; readonly isWhole: boolean } {
  const [first, last] = [`Waits for a yes: ${title}`, `Plan ${asked.plan ?? ''}`]
  const whole = [first, ...lines, last].join('\n')
  if (isWhole && whole.length <= TEXT) return { text: whole, isWhole: true }
  const shown: string[] = []
  let room = TEXT - 200 - first.length - last.length // 200 for the line that says so
  for (const line of lines.map((each) => inertLine(each, SHORT_LINE))) {
    room -= line.length + 1
    if (room < 0) break
    shown.push(line)
  }
  const left = asked.lines.length - shown.length
  const how = left > 0 ? `${left} of ${asked.lines.length} lines are not shown` : 'lines are shortened'
  return {
    text: [first, ...shown, `It does not fit here whole: ${how}. Approve it in Holdfast.`, last].join('\n'),
    isWhole: false,
  }
}

function approveButton(plan: string): Block {
  return {
    type: 'button',
    action_id: APPROVE_ACTION,
    style: 'primary',
    text: plain('Approve'),
    value: plan,
    confirm: {
      title: plain('Approve this plan?'),
      text: plain(`What was planned is what is done: ${plan.slice(0, 64)}`),
      confirm: plain('Approve'),
      deny: plain('Not now'),
    },
  }
}

function factBlocks(facts: readonly Notice[]): readonly Block[] {
  if (facts.length === 0) return []
  const shown = facts.slice(-FACTS_SHOWN)
  const lines = shown.map((notice) => {
    const { title, isoTime } = noticeText(notice, '')
    return `${isoTime.slice(11, 16)} UTC  ${title}`
  })
  const more = facts.length - shown.length
  return [section([...(more === 0 ? [] : [`${more} earlier in the thread`]), ...lines].join('\n'))]
}

function section(text: string): Block {
  return { type: 'section', text: plain(text.slice(0, TEXT)) }
}

function plain(text: string): Block {
  return { type: 'plain_text', text, emoji: false }
}
