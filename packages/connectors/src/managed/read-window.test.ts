import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NARROWEST_MS } from './limits.ts'
import type { Gathered } from './platform.ts'
import { readWindow, type TelemetryWindow } from './read-window.ts'

type Provider = { readonly records: readonly number[]; readonly bound: number; readonly newestFirst: boolean }

/** A provider that gives the records of a window from one end, up to a bound. */
function provider({ records, bound, newestFirst }: Provider): Parameters<typeof readWindow>[0] {
  return {
    telemetry: ({ since, until }) => {
      const inside = records.filter((at) => at >= since.getTime() && at < until.getTime())
      const given = inside.toSorted((a, b) => (newestFirst ? b - a : a - b)).slice(0, bound)
      const isCut = given.length < inside.length
      return Promise.resolve(gatheredOf(given, { isCut }))
    },
  }
}

function gatheredOf(records: readonly number[], more: Partial<Gathered>): Gathered {
  const files = records.length === 0 ? [] : [{ name: 'log.jsonl', text: records.map((at) => `${at}\n`).join('') }]
  const isCut = more.isCut === true
  return { files, answers: [], delaysMs: [], failures: [], leftOut: isCut ? 1 : 0, isCut, ...more }
}

async function swept(of: Provider, { since, until }: TelemetryWindow): Promise<readonly number[]> {
  const platform = provider(of)
  const seen: number[] = []
  let from = since
  while (from < until) {
    const { telemetry, reached } = await readWindow(platform, { since: from, until })
    seen.push(...telemetry.files.flatMap(({ text }) => text.trim().split('\n').map(Number)))
    expect(reached).toBeGreaterThan(from)
    from = reached
  }
  return seen
}

test('sweeps read every record once, whichever end a provider begins at', async () => {
  const until = 64 * NARROWEST_MS
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat({ max: until - 1 }), { maxLength: 200 }),
      fc.boolean(),
      async (records, newestFirst) => {
        // As many as the narrowest window can hold of these.
        const densest = Math.max(
          1,
          ...records.map((at) => records.filter((one) => Math.abs(one - at) <= NARROWEST_MS).length),
        )
        const seen = await swept({ records, bound: densest, newestFirst }, { since: 0, until })
        expect(seen).toEqual(expect.arrayContaining([...records]))
        expect(seen.length).toBe(records.length)
      },
    ),
  )
})

test('a window that cannot be narrowed is kept with what is missing counted', async () => {
  const { telemetry, reached } = await readWindow(provider({ records: [5, 5, 5], bound: 2, newestFirst: false }), {
    since: 0,
    until: NARROWEST_MS,
  })
  expect([telemetry.leftOut, reached]).toEqual([1, NARROWEST_MS])
})

test('what a failed call would have told is read by the next sweep', async () => {
  const failed = gatheredOf([], { failures: [{ api: 'logs:FilterLogEvents', why: 'away' }] })
  const answers = [gatheredOf([1], { isCut: true }), gatheredOf([1], {}), failed]
  const { telemetry, reached } = await readWindow(
    { telemetry: () => Promise.resolve(answers.shift() ?? failed) },
    { since: 0, until: 10 * NARROWEST_MS },
  )
  expect([telemetry.failures.length, reached]).toEqual([1, 5 * NARROWEST_MS])
})
