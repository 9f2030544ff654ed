import type { Notice } from '@holdfast/respond'
import { noticeText, type NoticeText } from '../text/notice-text.ts'

/** Slack's own bounds: 150 characters in a header, 3,000 in a text; a card is read on a phone. */
const HEADER = 150
const TEXT = 2_900
const FACTS_SHOWN = 8

/** Ids of the buttons, as the interaction that they cause names them. */
export const APPROVE_ACTION = 'holdfast_approve'
const OPEN_ACTION = 'holdfast_open'

export type Block = Readonly<Record<string, unknown>>

/**
 * The one card of an incident, from all that was told of it, the oldest first. Captured names stand in plain text alone, where
 * Slack reads no markup, no mention and no link. The button to approve carries the hash of the plan that waits, so that no
 * other plan can be approved with it.
 */
export function cardBlocks(told: readonly Notice[], base: string): readonly Block[] {
  const newest = told.at(-1)
  if (newest === undefined) return []
  const named = told.filter(({ kind }) => kind === 'incident-opened' || kind === 'incident-revised')
  // What says how sure it is describes the incident; others only speak of it.
  const head = named.findLast(({ confidence }) => confidence !== undefined) ?? named.at(-1) ?? newest
  const { title, lines, link } = noticeText(head, base)
  const asked = waitingApproval(told)
  return [
    { type: 'header', text: plain(title.slice(0, HEADER)) },
    ...(lines.length === 0 ? [] : [section(lines.join('\n'))]),
    ...(asked === undefined ? [] : approvalBlocks(asked, noticeText(asked, base))),
    ...factBlocks(told.filter((notice) => notice !== head && notice !== asked)),
    {
      type: 'actions',
      elements: [
        ...(asked?.plan === undefined ? [] : [approveButton(asked.plan)]),
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

function approvalBlocks(asked: Notice, { title, lines }: NoticeText): readonly Block[] {
  return [{ type: 'divider' }, section([`Waits for a yes: ${title}`, ...lines, `Plan ${asked.plan ?? ''}`].join('\n'))]
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
