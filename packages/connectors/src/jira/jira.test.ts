import { startJira, type ServiceFault } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { Outgoing } from '../http/outgoing.ts'
import { ALL, BASE, deliveryOf, HOSTILE, noticeWith } from '../testing/notices.ts'
import { jiraChannel } from './jira.ts'

const CREDENTIALS = { email: 'bot@example.com', token: 't0ken', project: 'SEC' }

async function site(faults: ServiceFault[] = []) {
  const jira = await startJira({ ...CREDENTIALS, faults })
  const outgoing = new Outgoing({ allow: ['127.0.0.1'] })
  const options = { name: 'work', filter: ALL, issueType: 'Task', outgoing, base: BASE, done: 'Done' }
  return { jira, channel: jiraChannel({ ...options, ...CREDENTIALS, site: jira.url }) }
}

const tasks = noticeWith({
  id: 'step:7:platform',
  kind: 'task-assigned',
  title: '2 tasks for platform: contain of inc-0123456789abcdef',
  lines: ['Hold the image tag and cordon the node', 'Rebuild the image'],
  for: ['platform'],
})
const closed = noticeWith({ id: 'step:9', kind: 'case-closed', title: 'closed: resolved', lines: [] })

test('each team’s list is an issue of its own, told on until the end', async () => {
  const { jira, channel } = await site()
  await using _ = jira
  const other = { ...tasks, id: 'step:7:security', for: ['security'] }
  const first = await channel.deliver([deliveryOf(tasks)])
  const second = await channel.deliver([deliveryOf(other, { earlier: [tasks], references: ['SEC-1'] })])
  expect([...first, ...second]).toMatchObject([{ reference: 'SEC-1' }, { reference: 'SEC-2' }])
  expect(jira.issues[0]?.fields).toMatchObject({ summary: expect.stringMatching(/^\[platform\] 2 tasks/) as string })
  const end = deliveryOf(closed, { earlier: [tasks, other], references: ['SEC-1', 'SEC-2'] })
  expect(await channel.deliver([end])).toMatchObject([{ status: 'delivered' }])
  expect(jira.issues.map(({ status, comments }) => [status, comments.length])).toEqual([
    ['Done', 1],
    ['Done', 1],
  ])
})

test('an issue that may have been made is found by its label', async () => {
  const { jira, channel } = await site(['breaks-off-after'])
  await using _ = jira
  expect(await channel.deliver([deliveryOf(tasks, { key: 'abc1' })])).toMatchObject([{ status: 'retry' }])
  expect(await channel.deliver([deliveryOf(tasks, { key: 'abc1', attempt: 2 })])).toMatchObject([
    { status: 'delivered', reference: 'SEC-1' },
  ])
  expect(jira.issues).toHaveLength(1)
})

test('a comment stands once on each issue, wherever the first try ended', async () => {
  const { jira, channel } = await site([])
  await using _ = jira
  await channel.deliver([deliveryOf(tasks), deliveryOf({ ...tasks, id: 'other' })])
  const references = ['SEC-1', 'SEC-2']
  const end = deliveryOf(closed, { references })
  await channel.deliver([end])
  expect(await channel.deliver([{ ...end, attempt: 2 }])).toMatchObject([{ status: 'delivered' }])
  expect(jira.issues.map(({ comments }) => comments.length)).toEqual([1, 1])
})

test('a wrong token waits for whoever mends it', async () => {
  const { jira } = await site()
  await using _ = jira
  const outgoing = new Outgoing({ allow: ['127.0.0.1'] })
  const wrong = jiraChannel({
    ...CREDENTIALS,
    token: 'x',
    name: 'w',
    filter: ALL,
    issueType: 'Task',
    site: jira.url,
    outgoing,
    base: BASE,
  })
  expect(await wrong.deliver([deliveryOf(tasks)])).toMatchObject([{ status: 'retry', code: 401 }])
})

test.each(HOSTILE)('hostile text number %# is text of an issue', async (text) => {
  const { jira, channel } = await site()
  await using _ = jira
  const notice = noticeWith({ ...tasks, title: text, lines: [text], for: [text] })
  expect(await channel.deliver([deliveryOf(notice)])).toMatchObject([{ status: 'delivered' }])
  expect(await channel.deliver([deliveryOf({ ...closed, title: text }, { references: ['SEC-1'] })])).toMatchObject([
    { status: 'delivered' },
  ])
  expect(JSON.stringify(jira.issues)).not.toMatch(/[\p{Cf}]/u)
})
