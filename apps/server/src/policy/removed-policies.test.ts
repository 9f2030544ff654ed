import { expect, test } from 'vitest'
import type { Call } from '../http/handlers.ts'
import { policyHandlers } from './handlers.ts'

const GONE = 'k8s:refund-agent-a1b2c3/payments/refund-agent'
const OWN = 'k8s:prod/payments/refund-agent'
const artifacts = new Map([GONE, OWN].map((agent) => [`of ${agent}`, { artifact: { id: `of ${agent}`, agent } }]))
const rollout = (group: object, agents: readonly string[]) => ({
  group,
  monitored: { artifacts: agents.map((agent) => `of ${agent}`), at: '', entry: 1 },
  enforced: [],
})
const groups = new Map([
  ['a', rollout({ kind: 'pre-enforced', agent: GONE }, [GONE])],
  ['b', rollout({ kind: 'class', class: 'chat' }, [GONE])],
  ['c', rollout({ kind: 'class', class: 'batch' }, [GONE, OWN])],
  ['d', rollout({ kind: 'pre-enforced', agent: OWN }, [OWN])],
])

test('rollouts and verification have nothing of a demo that was removed, and keep what others are part of', async () => {
  const verified: unknown[] = []
  const handlers = policyHandlers({
    demos: { isRemoved: (agent: string) => agent === GONE },
    views: { ask: async (_question: string, { artifacts: asked }: { artifacts: unknown }) => verified.push(asked) },
    policies: { book: { state: { groups, artifacts }, artifact: (id: string) => artifacts.get(id)?.artifact } },
  } as unknown as Parameters<typeof policyHandlers>[0]) // as far as these two routes look at it
  expect(await handlers.listRollouts({} as Call<'listRollouts'>)).toMatchObject({
    items: [
      { group: { class: 'batch' }, monitored: { artifacts: [`of ${GONE}`, `of ${OWN}`] } },
      { group: { kind: 'pre-enforced', agent: OWN } },
    ],
  })
  await handlers.verifyPolicies({ body: {} } as Call<'verifyPolicies'>)
  expect(verified).toEqual([[{ id: `of ${OWN}`, agent: OWN }]])
})
