import { slackInteraction } from '@holdfast/testkit'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approvesAs } from '../accounts/account.ts'
import type { Caller } from '../http/auth.ts'
import { Answering, mailStory } from '../response/testing/answering.ts'
import { HoldService, HttpResponder } from '../response/testing/hold-service.ts'
import { approveBySlack } from './slack-approval.ts'
import { SlackHook } from './slack-hook.ts'

const NOW = 1_790_000_000
const SIGNING = 'signing-secret'
const CALLERS: ReadonlyMap<string, Caller> = new Map([
  ['ben', { name: 'ben', role: 'responder', approves: approvesAs('responder', []) }],
  ['vera', { name: 'vera', role: 'viewer', approves: approvesAs('viewer', []) }],
])
const USERS = new Map([
  ['UBEN', 'ben'],
  ['UVERA', 'vera'],
  ['UGONE', 'somebody-who-left'],
])

let service: HoldService
let answering: Answering
let hook: SlackHook
let plan = ''
beforeAll(async () => {
  service = await HoldService.start()
  answering = await Answering.start([new HttpResponder('desk', service)])
  await answering.happened(mailStory(1))
  const [incident] = await answering.incidents()
  await answering.settled()
  const { plans } = answering.response
  const made = await plans.make({ incident: incident?.id ?? '', by: 'anna', rung: 'soft-quarantine', automatic: 'off' })
  plan = made.hash
  hook = new SlackHook({
    apps: [{ name: 'soc', signingSecret: SIGNING, users: USERS }],
    callerOf: (name) => CALLERS.get(name),
    approve: (hash, by) =>
      approveBySlack(
        {
          plans,
          rosters: { ownerOf: () => undefined },
          notices: { tell: async (notice) => void answering.told.push(notice) },
          clock: answering.clock,
        },
        hash,
        by,
      ),
    recorder: answering.recorder,
    nowMs: () => NOW * 1_000,
    logger: pino({ level: 'silent' }),
  })
}, 240_000)
afterAll(async () => {
  await answering[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})

/** Presses the button, and resolves once what came of it is on record. */
async function press(userId: string, value = plan, actionTs = `${userId}.${value.slice(0, 8)}`): Promise<void> {
  const call = slackInteraction({
    signingSecret: SIGNING,
    userId,
    actionId: 'holdfast_approve',
    value,
    unixSeconds: NOW,
    actionTs,
  })
  hook.take({
    signature: call.headers['x-slack-signature'],
    timestamp: call.headers['x-slack-request-timestamp'],
    body: Buffer.from(call.body),
  })
  await hook.settled()
}

function standing() {
  const { approvals, appliedAt, outcome } = answering.response.plans.found(plan)
  return {
    approvals: approvals.map(({ by, role }) => [by, role]),
    isApplied: appliedAt !== undefined,
    state: outcome.state,
  }
}

test('nobody who is not mapped, has left, or has not the role approves by pressing a button', async () => {
  for (const user of ['UNOBODY', 'UGONE', 'UVERA']) await press(user)
  expect(standing()).toMatchObject({ approvals: [], isApplied: false })
  expect(answering.response.plans.found(plan).history.map(({ deed }) => deed.do)).toContain('approval-refused')
})

test('an old card approves no other plan', async () => {
  await press('UBEN', 'cd'.repeat(32))
  expect(standing()).toMatchObject({ approvals: [], isApplied: false })
})

test('whoever is mapped and may, approves that plan; it is carried out, and the card is told', async () => {
  await press('UBEN')
  expect(standing()).toMatchObject({ approvals: [['ben', 'on-call']], isApplied: true, state: 'confirmed' })
  const kinds = answering.told.map(({ kind }) => kind)
  expect(kinds).toEqual(expect.arrayContaining(['approval-asked', 'approval-answered', 'plan-applied']))
})

test('a call that Slack repeats, and a button that is pressed again, change nothing', async () => {
  const before = answering.recorder.size
  await press('UBEN')
  expect(answering.recorder.size).toBe(before)
  await press('UBEN', plan, 'later')
  expect(standing().approvals).toEqual([['ben', 'on-call']])
})
