import { expect, test } from 'vitest'
import type { Call, Handlers } from '../http/handlers.ts'
import { withoutRemoved } from './without-removed.ts'

const GONE = 'k8s:refund-agent-a1b2c3/payments/refund-agent'
const OWN = 'k8s:prod/payments/refund-agent'

/** Lists with one item of a removed demo and one of one's own each, as far as they are looked at. */
const lists = {
  listPlans: { items: [{ incident: 'inc-gone' }, { incident: 'inc-own' }], total: 7 },
  listNotices: {
    items: [
      { kind: 'incident', incident: 'inc-gone', lines: [] },
      { kind: 'drift-signal', incident: '', lines: ['signal ab12, log entry 3'] },
      { kind: 'drift-signal', incident: '', lines: ['signal cd34, log entry 4'] },
    ],
  },
  listDriftSignals: { items: [{ agent: GONE }, { agent: OWN }], nextAfter: 9, judged: 9, size: 9 },
  listContainments: { items: [{ plan: { agent: GONE } }, { plan: { agent: OWN } }] },
  listAnnotations: {
    items: [
      { subject: { kind: 'agent', id: GONE } },
      { subject: { kind: 'incident', id: 'inc-gone' } },
      { subject: { kind: 'incident', id: 'inc-own' } },
    ],
    total: 3,
    older: 0,
  },
  listPolicies: { items: [{ agent: GONE }, { agent: OWN }], kinds: [], expiredEnforcing: 0 },
  listLearnings: {
    items: [
      { incident: 'inc-gone', state: 'verified' },
      { incident: 'inc-gone', state: 'applied' },
      { incident: 'inc-own', state: 'verified' },
    ],
  },
  listSelfAudits: { items: [{ agent: GONE }, { agent: OWN }] },
  listProxyOrders: { items: [{ agent: GONE }, { agent: OWN }] },
  listSkillRuns: { runs: [{ incident: 'inc-gone' }, { incident: 'inc-own' }] },
}

test('lists that are put together from records leave out what was removed, count it no more, and keep the rest', async () => {
  const handlers = Object.fromEntries(Object.entries(lists).map(([name, answer]) => [name, async () => answer]))
  const shown = withoutRemoved(handlers as unknown as Handlers, {
    demos: { isRemoved: (agent) => agent === GONE, isRemovedIncident: (incident) => incident === 'inc-gone' },
    // As far as a notice of a drift is looked up by it.
    driftSignals: {
      list: () =>
        ({
          items: [
            { agent: GONE, signal: 'ab12' },
            { agent: OWN, signal: 'cd34' },
          ],
        }) as never,
    },
  })
  const call = {} as Call<'listPlans'> &
    Call<'listNotices'> &
    Call<'listDriftSignals'> &
    Call<'listContainments'> &
    Call<'listAnnotations'> &
    Call<'listPolicies'> &
    Call<'listLearnings'> &
    Call<'listSelfAudits'> &
    Call<'listProxyOrders'> &
    Call<'listSkillRuns'> // none of them looks at it here
  expect(await shown.listPlans(call)).toEqual({ items: [{ incident: 'inc-own' }], total: 6 })
  expect(await shown.listNotices(call)).toMatchObject({ items: [{ lines: ['signal cd34, log entry 4'] }] })
  expect(await shown.listDriftSignals(call)).toEqual({ items: [{ agent: OWN }], nextAfter: 9, judged: 9, size: 9 })
  expect(await shown.listContainments(call)).toEqual({ items: [{ plan: { agent: OWN } }] })
  expect(await shown.listAnnotations(call)).toEqual({
    items: [{ subject: { kind: 'incident', id: 'inc-own' } }],
    total: 1,
    older: 0,
  })
  expect(await shown.listPolicies(call)).toMatchObject({ items: [{ agent: OWN }] })
  expect(await shown.listLearnings(call)).toEqual({
    items: [
      { incident: 'inc-gone', state: 'applied' },
      { incident: 'inc-own', state: 'verified' },
    ],
  })
  expect(await shown.listSelfAudits(call)).toEqual({ items: [{ agent: OWN }] })
  expect(await shown.listProxyOrders(call)).toEqual({ items: [{ agent: OWN }] })
  expect(await shown.listSkillRuns(call)).toEqual({ runs: [{ incident: 'inc-own' }] })
})
