import { slackInteraction, startSlack, type ServiceFault } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { Outgoing } from '../http/outgoing.ts'
import { ALL, BASE, deliveryOf, HOSTILE, noticeWith } from '../testing/notices.ts'
import { APPROVE_ACTION, cardBlocks } from './card.ts'
import { parseSlackCall } from './interaction.ts'
import { slackChannel } from './slack.ts'

const TOKEN = 'xoxb-test'
const CHANNEL = 'C0123456789'
const PLAN = 'ab'.repeat(32)

async function workspace(faults: ServiceFault[] = []) {
  const slack = await startSlack({ token: TOKEN, channel: CHANNEL, faults })
  const outgoing = new Outgoing({ allow: ['127.0.0.1'] })
  const channel = slackChannel({
    name: 'soc',
    filter: ALL,
    api: slack.url,
    token: TOKEN,
    channel: CHANNEL,
    outgoing,
    base: BASE,
  })
  return { slack, channel }
}

const opened = noticeWith()
const asked = noticeWith({
  id: 'asked',
  kind: 'approval-asked',
  title: 'R2 soft-quarantine waits for on-call',
  lines: ['stops all reach outside', 'ends by itself after 30 min'],
  plan: PLAN,
})

test('an incident is one card, updated in place, with a thread of what happened', async () => {
  const { slack, channel } = await workspace()
  await using _ = slack
  const [first] = await channel.deliver([deliveryOf(opened)])
  expect(first).toMatchObject({ status: 'delivered', reference: slack.messages[0]?.ts })
  const reference = slack.messages[0]?.ts ?? ''
  await channel.deliver([deliveryOf(asked, { earlier: [opened], references: [reference] })])
  expect(slack.messages.map(({ threadTs }) => threadTs)).toEqual([undefined, reference])
  const card = JSON.stringify(slack.messages[0]?.blocks)
  expect(card).toContain(opened.title)
  expect(card).toContain(`"value":"${PLAN}"`)
})

test('the button is there while the plan waits, with its hash, and gone once it was answered', () => {
  const done = noticeWith({ id: 'done', kind: 'plan-applied', plan: PLAN, title: 'a response is confirmed in effect' })
  const other = noticeWith({ id: 'asked-2', kind: 'approval-asked', plan: 'cd'.repeat(32) })
  expect(JSON.stringify(cardBlocks([opened, asked], BASE))).toContain(APPROVE_ACTION)
  expect(JSON.stringify(cardBlocks([opened, asked, done], BASE))).not.toContain(APPROVE_ACTION)
  const replaced = JSON.stringify(cardBlocks([opened, asked, other], BASE))
  expect(replaced).toContain('cd'.repeat(32))
  expect(replaced).not.toContain(`"value":"${PLAN}"`)
})

test('a plan that the card cannot show whole is not approved from it, and says how much is missing', () => {
  const withLines = (lines: readonly string[]) => cardBlocks([opened, { ...asked, lines }], BASE)
  const fits = Array.from({ length: 20 }, (_, i) => `cut/${i}: ${'x'.repeat(100)}`)
  expect(JSON.stringify(withLines(fits))).toContain(APPROVE_ACTION)
  expect(JSON.stringify(withLines(fits))).toContain('cut/19: ')
  const many = JSON.stringify(withLines([...fits, 'cut/20: kills the ledger']))
  expect(many).not.toContain(APPROVE_ACTION)
  expect(many).toContain('1 of 21 lines are not shown')
  expect(many).toContain(`Plan ${PLAN}`)
  for (const lines of [[`${'x'.repeat(499)}kills the ledger`], Array.from({ length: 20 }, () => 'y'.repeat(300))]) {
    const text = JSON.stringify(withLines(lines))
    expect(text).not.toContain(APPROVE_ACTION)
    expect(text).toContain('Approve it in Holdfast')
    expect(text).toContain(`Plan ${PLAN}`)
  }
})

test('what a person says of an incident is a fact on its card, and takes nothing from it', () => {
  const said = noticeWith({
    id: 'step:4',
    kind: 'incident-classified',
    title: 'alice says: Reasoning compromise',
    lines: [],
  })
  const [header, what] = cardBlocks([opened, said], BASE).map((block) => JSON.stringify(block))
  expect(header).toContain(opened.title)
  expect(what).toContain(opened.lines[0])
})

test('a card that may have arrived is looked for before it is posted again', async () => {
  const { slack, channel } = await workspace(['breaks-off-after'])
  await using _ = slack
  expect(await channel.deliver([deliveryOf(opened)])).toMatchObject([{ status: 'retry' }])
  const [second] = await channel.deliver([deliveryOf(opened, { attempt: 2 })])
  expect(second).toMatchObject({
    status: 'delivered',
    detail: 'an earlier try had arrived',
    reference: slack.messages[0]?.ts,
  })
  expect(slack.messages).toHaveLength(1)
})

test('a reply that may have arrived is looked for in its thread', async () => {
  const { slack, channel } = await workspace()
  await using _ = slack
  await channel.deliver([deliveryOf(opened)])
  const references = [slack.messages[0]?.ts ?? '']
  const delivery = deliveryOf(asked, { earlier: [opened], references })
  await channel.deliver([delivery])
  expect(await channel.deliver([{ ...delivery, attempt: 2 }])).toMatchObject([{ status: 'delivered' }])
  expect(slack.messages).toHaveLength(2)
})

test('a card that somebody deleted is posted anew', async () => {
  const { slack, channel } = await workspace()
  await using _ = slack
  await channel.deliver([deliveryOf(opened)])
  const gone = slack.messages[0]?.ts ?? ''
  slack.remove(gone)
  const [result] = await channel.deliver([deliveryOf(asked, { earlier: [opened], references: [gone] })])
  expect(result).toMatchObject({ status: 'delivered', reference: slack.messages[0]?.ts })
  expect(slack.messages[0]?.ts).not.toBe(gone)
})

test('ok: false is no success, 429 is a pause, and a fault of ours is not tried again', async () => {
  const { slack, channel } = await workspace(['rate-limited'])
  await using _ = slack
  expect(await channel.deliver([deliveryOf(opened)])).toMatchObject([{ status: 'retry', code: 429, afterMs: 1_000 }])
  const outgoing = new Outgoing({ allow: ['127.0.0.1'] })
  const args = { name: 'soc', filter: ALL, api: slack.url, outgoing, base: BASE }
  const revoked = slackChannel({ ...args, token: 'xoxb-other', channel: CHANNEL })
  expect(await revoked.deliver([deliveryOf(opened)])).toMatchObject([
    { status: 'retry', detail: 'Slack says: invalid_auth' },
  ])
  const elsewhere = slackChannel({ ...args, token: TOKEN, channel: 'C9' })
  expect(await elsewhere.deliver([deliveryOf(opened)])).toMatchObject([{ detail: 'Slack says: channel_not_found' }])
})

test.each(HOSTILE)('hostile text number %# is no markup, mention or link on a card', async (text) => {
  const { slack, channel } = await workspace()
  await using _ = slack
  const notice = noticeWith({ title: text, lines: [text, ''], for: [text], plan: PLAN, kind: 'approval-asked' })
  expect(await channel.deliver([deliveryOf(notice)])).toMatchObject([{ status: 'delivered' }])
  const message = slack.messages[0]
  expect(message?.text).not.toMatch(/<|>|:\/\//)
  expect(JSON.stringify(message?.blocks)).not.toContain('mrkdwn')
})

const CALL = {
  signingSecret: 's3cret',
  userId: 'U0123',
  actionId: APPROVE_ACTION,
  value: PLAN,
  unixSeconds: 1_790_000_000,
}

function parsedCall(change: {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly nowSeconds?: number
  readonly signingSecret?: string
}) {
  const call = slackInteraction(CALL)
  const headers = { ...call.headers, ...change.headers }
  return parseSlackCall({
    signature: headers['x-slack-signature'],
    timestamp: headers['x-slack-request-timestamp'],
    body: Buffer.from(change.body ?? call.body),
    signingSecret: change.signingSecret ?? CALL.signingSecret,
    nowSeconds: change.nowSeconds ?? CALL.unixSeconds + 10,
  })
}

test('a pressed button names the person and the plan that the card showed', () => {
  expect(parsedCall({})).toEqual({
    status: 'approve',
    approval: { userId: 'U0123', plan: PLAN, actionId: 'U0123.1790000000.000100' },
  })
})

test.each([
  ['another secret', { signingSecret: 'other' }],
  ['another body', { body: slackInteraction({ ...CALL, userId: 'U9' }).body }],
  ['another time', { headers: { 'x-slack-request-timestamp': '1790000001' } }],
  ['no time', { headers: { 'x-slack-request-timestamp': '' } }],
  ['no signature', { headers: { 'x-slack-signature': '' } }],
  ['a signature of another length', { headers: { 'x-slack-signature': 'v0=00' } }],
  ['a call of six minutes ago', { nowSeconds: CALL.unixSeconds + 360 }],
  ['a call of tomorrow', { nowSeconds: CALL.unixSeconds - 86_400 }],
] as const)('%s is refused', (_, change) => {
  expect(parsedCall(change).status).toBe('refused')
})
