import type { Agent } from '@holdfast/api'
import { counted, type AgentId, type UnixNano } from '@holdfast/model'
import type { ViewsClient } from '../views/client.ts'
import type { SamplingSigns } from '../views/sampling.ts'
import type { FoundCheck } from './found-check.ts'
import { STILL_MINUTES } from './limits.ts'

type Senders = {
  readonly agents: readonly Agent[]
  readonly now: UnixNano
  /** Records that pages do not have yet: a parent may be among them. */
  readonly isBehind: boolean
}

/** Whether agents leave spans out, as far as what they sent shows it; one check for each that does. */
export async function samplingChecks(
  views: Pick<ViewsClient, 'ask'>,
  { agents, now, isBehind }: Senders,
): Promise<readonly FoundCheck[]> {
  const stillSince = (isBehind ? 0n : now - STILL_NS) as UnixNano // below the time of this machine
  const found: FoundCheck[] = []
  let [spans, senders] = [0, 0]
  // One after the other: people's questions get in between.
  for (const { id, name } of agents.filter(({ channels }) => channels.includes('otlp'))) {
    const agent = id as AgentId // one that Views listed
    const asked = await views.ask('doctor', { kind: 'sampling', agent, stillSince })
    const signs = JSON.parse(asked) as SamplingSigns // what Views answers to this question
    spans += signs.spans
    if (signs.spans > 0) senders += 1
    const check = checkOf(signs)
    if (check !== undefined) found.push({ id: `sampling ${id}`, title: `sampling of ${name}`, ...check })
  }
  return found.length > 0 ? found : [noSign({ spans, senders })]
}

const STILL_NS = BigInt(STILL_MINUTES) * 60_000_000_000n

/** Nothing that a sampler leaves out whole can be seen missing, and that is said. */
function noSign({ spans, senders }: { readonly spans: number; readonly senders: number }): FoundCheck {
  const about = { id: 'sampling', status: 'PASS', title: 'sampling' } as const
  if (spans === 0) return { ...about, detail: 'no agent has sent a span yet' }
  const seen = `no sign of it in the newest ${spans} spans of ${counted(senders, 'agent')}`
  return { ...about, detail: `${seen}; a sampler that drops whole traces and says nothing leaves none` }
}

function checkOf(signs: SamplingSigns): Pick<FoundCheck, 'status' | 'detail' | 'remedy'> | undefined {
  const { spans, thinned, leastShare = 1, settled, orphans, orphaned } = signs
  const details: string[] = []
  if (thinned > 0) {
    const share = `${(leastShare * 100).toPrecision(3)} %`
    details.push(
      `${thinned} of ${spans} spans state that their sampler keeps ${share} of such spans (tracestate ot=th)`,
    )
  }
  const remedies = details.length > 0 ? [SAMPLER] : []
  if (orphans > 0) {
    const where = `in ${orphaned} of ${settled} traces that stood still for ${STILL_MINUTES} minutes`
    details.push(`${orphans} spans name a parent of their own process that never came, ${where}`)
    remedies.push(LEFT_OUT)
  }
  return details.length === 0 ? undefined : { status: 'WARN', detail: details.join('; '), remedy: remedies.join('; ') }
}

const SAMPLER =
  'set OTEL_TRACES_SAMPLER=parentbased_always_on in the agent and in what calls it, and take the probabilistic_sampler and tail_sampling processors of the Collector off its way here'
const LEFT_OUT =
  'send every span: no filter of an exporter or span processor, a forceFlush before the agent exits, no full queue (OTEL_BSP_MAX_QUEUE_SIZE)'
