import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Answering, mailStory } from '../../apps/server/src/response/testing/answering.ts'
import { HoldService, HttpResponder } from '../../apps/server/src/response/testing/hold-service.ts'

/**
 * From the record of the last harmful act to a containment that a probe confirmed, without a person: folded, judged, case
 * opened and sealed, rung chosen, planned, applied and probed. The one who holds is a service on this machine that answers at
 * once; what the kernel takes beside that is told by `npm run rungs`. Each line of output is one JSON document.
 */
const { values } = parseArgs({ options: { incidents: { type: 'string', default: '40' } } })
const count = Number(values.incidents)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

await using service = await HoldService.start()
await using answering = await Answering.start([new HttpResponder('desk', service)])
await answering.policy({ automatic: 'reversible', agentsAMinute: 10 })
const took: { readonly toGraphMs: number; readonly toPlanMs: number; readonly toConfirmedMs: number }[] = []
for (let at = 0; at < count; at++) {
  const story = mailStory(at)
  const agent = `host:story/${story.service}`
  await answering.state(agent, 'live', 'yes')
  await answering.state(agent, 'harm-reversible', 'no')
  // The bound of agents in a minute is not what is measured.
  answering.ahead += 61_000_000_000n
  const began = answering.clock()
  await answering.happened(story)
  await answering.incidents(at + 1)
  await answering.settled()
  const plan = answering.response.book.list().find(({ made }) => made.plan.steps.some((step) => step.agent === agent))
  const confirmed = plan?.steps.findLast(({ kind }) => kind === 'probed')?.at
  if (plan?.outcome.state !== 'confirmed' || confirmed === undefined) throw new Error(`${agent} was not held`)
  const ms = (until: bigint): number => Number((until - began) / 1_000_000n)
  took.push({
    toGraphMs: ms(plan.made.basis.graphAt),
    toPlanMs: ms(plan.made.plan.plannedAt),
    toConfirmedMs: ms(confirmed),
  })
}
const of = (name: keyof (typeof took)[number]) => {
  const sorted = took.map((one) => one[name]).toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { p50: at(0.5), p99: at(0.99), most: sorted.at(-1) }
}
say({
  bench: 'contained',
  node: process.version,
  cores: availableParallelism(),
  load: loadavg()[0],
  incidents: count,
  toRecordedMs: of('toGraphMs'),
  toPlannedMs: of('toPlanMs'),
  toConfirmedMs: of('toConfirmedMs'),
})
