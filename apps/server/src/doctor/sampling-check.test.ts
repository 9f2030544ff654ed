import type { Agent } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import type { SamplingSigns } from '../views/sampling.ts'
import { samplingChecks } from './sampling-check.ts'

const now = 1_800_000_000_000_000_000n as UnixNano
const none: SamplingSigns = { spans: 10, thinned: 0, settled: 2, orphans: 0, orphaned: 0 }

/** The checks where the first of two agents shows these signs and the other, whom only an audit log tells of, is not asked. */
async function checksOf(signs: Partial<SamplingSigns>, isBehind = false) {
  const asked: unknown[] = []
  const ask = async (_question: string, args: unknown) => {
    asked.push(args)
    return JSON.stringify({ ...none, ...signs })
  }
  const agents = [
    { id: 'a', name: 'desk', channels: ['otlp'] },
    { id: 'b', name: 'role', channels: ['cloudtrail'] },
  ] as unknown as readonly Agent[] // as much of an agent as is read
  return { checks: await samplingChecks({ ask }, { agents, now, isBehind }), asked }
}

test('without a sign one check passes, and says what leaves none', async () => {
  const { checks } = await checksOf({})
  expect(checks).toMatchObject([{ id: 'sampling', status: 'PASS' }])
  expect(checks[0]?.detail).toContain('drops whole traces')
  expect((await checksOf({ spans: 0 })).checks[0]?.detail).toBe('no agent has sent a span yet')
})

test('what is seen is said of the agent, each with its own remedy', async () => {
  const stated = (await checksOf({ thinned: 4, leastShare: 0.125 })).checks
  expect(stated).toMatchObject([{ id: 'sampling a', title: 'sampling of desk', status: 'WARN' }])
  expect(stated[0]?.detail).toBe('4 of 10 spans state that their sampler keeps 12.5 % of such spans (tracestate ot=th)')
  expect(stated[0]?.remedy).toMatch(/^set OTEL_TRACES_SAMPLER=parentbased_always_on/)
  const orphaned = (await checksOf({ orphans: 3, orphaned: 1 })).checks
  expect(orphaned[0]?.detail).toContain('3 spans name a parent of their own process that never came, in 1 of 2 traces')
  expect(orphaned[0]?.remedy).toMatch(/^send every span/)
})

test('where pages are behind the log, no parent is taken for missing', async () => {
  expect((await checksOf({})).asked).toEqual([{ kind: 'sampling', agent: 'a', stillSince: now - 600_000_000_000n }])
  expect((await checksOf({}, true)).asked).toMatchObject([{ stillSince: 0n }])
})
