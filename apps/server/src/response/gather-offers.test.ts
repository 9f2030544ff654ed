import type { Offer, Responder } from '@holdfast/respond'
import { selectRung } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { gatherOffers } from './gather-offers.ts'
import { agentScope, LADDER } from './testing/known.ts'

function responder(name: string, offers: () => Promise<readonly Offer[]>): Responder {
  const never = () => Promise.reject(new Error('nothing is done by asking'))
  return { name, offers, plan: never, apply: never, probe: never, revert: never }
}

function hold(agent: string): Offer {
  return { provider: 'sensor', agent, target: { kind: 'workload', name: agent, state: '1' }, serves: { kind: 'rung' } }
}

const asked = { scope: agentScope('inc-1', []), decision: selectRung(LADDER), actors: ['payments/refund-agent'] }

test('who only received is not held, and named as one that is swept', async () => {
  const both = responder('sensor', async () => [hold('payments/refund-agent'), hold('payments/notify-agent')])
  const { offers, left } = await gatherOffers([both], asked)
  expect(offers.map(({ agent }) => agent)).toEqual(['payments/refund-agent'])
  expect(left).toEqual([
    { what: 'hold payments/notify-agent', why: 'no act of its own speaks for the type: it is swept, not held' },
  ])
})

test('a cut of what an innocent agent shares is offered all the same', async () => {
  const target = { kind: 'identity', name: 'refund-writer', state: '1' } as const
  const freeze: Offer = { ...hold('payments/notify-agent'), serves: { kind: 'cut', cut: 'freeze-credential' }, target }
  const { offers } = await gatherOffers([responder('aws', async () => [freeze])], asked)
  expect(offers).toEqual([freeze])
})

test('a cut that bites the workload, node or image of an innocent agent is not', async () => {
  const cuts = (['workload', 'node', 'image'] as const).map((kind): Offer => {
    const offer = hold('payments/notify-agent')
    return { ...offer, serves: { kind: 'cut', cut: 'cut-neighbours' }, target: { ...offer.target, kind } }
  })
  const { offers, left } = await gatherOffers([responder('kubernetes', async () => cuts)], asked)
  expect(offers).toEqual([])
  expect(left).toHaveLength(1)
})

test('a responder that cannot be asked keeps none of the others from being asked, and is named', async () => {
  const broken = responder('aws', () => Promise.reject(new Error('no credentials')))
  const { offers, left } = await gatherOffers(
    [broken, responder('sensor', async () => [hold('payments/refund-agent')])],
    asked,
  )
  expect(offers).toHaveLength(1)
  expect(left).toEqual([{ what: 'what aws could do', why: 'it could not be asked: no credentials' }])
})
