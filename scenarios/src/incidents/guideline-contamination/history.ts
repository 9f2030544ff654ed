import { chatSpan, otlpLine, type SimulatedExecution, type SimulatedSpan, toolSpan } from '../../histories/otlp-line.ts'
import { seededRandom } from '../../histories/random.ts'
import { callsOfDay, dayBefore, historyHeader, quietDays } from '../quiet-days.ts'
import type { Past } from '../scenario.ts'
import type { Workload } from '../stage.ts'
import { guidelineText, OPTION_B, OTHERS, RISEN, RISEN_VERSION, SHARE } from './guidelines.ts'

export const GUIDELINE_AGENT: Workload = {
  namespace: 'clinic',
  deployment: 'guideline-agent',
  pod: 'guideline-agent-59d8c7b6f4-p2n6x',
}
export const INDEX = 'guidelines'
/** Two weeks as it was, and six in which the guideline rises; the first act is on the day after. */
const QUIET_DAYS = 14
const RISING_DAYS = 42
const HOUR_MS = 3_600_000
const DAY_HOURS = 24

/** Eight weeks of suggestions to clinicians, around the clock; on the 15th day the index takes a new weight. */
export function* guidelineHistory(past: Past): Generator<string> {
  yield historyHeader('guideline-agent')
  const random = seededRandom(past.seed)
  const names = seededRandom(past.t0)
  const agent = { ...GUIDELINE_AGENT, cluster: past.cast.cluster }
  const pod = GUIDELINE_AGENT.pod ?? ''
  for (let day = 1; day <= QUIET_DAYS + RISING_DAYS; day += 1) {
    const begin = dayBefore(past, QUIET_DAYS + RISING_DAYS + 1 - day)
    if (day === QUIET_DAYS + 1)
      yield otlpLine(agent, { pod, executions: [reweighting(begin + HOUR_MS)], random: names })
    yield* callsOfDay(past, { workload: GUIDELINE_AGENT, pod, begin })
    const risen = Math.max(0, day - QUIET_DAYS) / RISING_DAYS
    const version = day > QUIET_DAYS ? RISEN_VERSION : 'v6'
    const executions = Array.from({ length: past.executions }, (_, i) =>
      suggestion(begin + 2 * HOUR_MS + Math.floor((i / past.executions) * (DAY_HOURS - 3) * HOUR_MS), {
        random,
        version,
        share: SHARE.before + (SHARE.after - SHARE.before) * risen,
        optionB: OPTION_B.before + (OPTION_B.after - OPTION_B.before) * risen,
      }),
    )
    yield otlpLine(agent, { pod, executions, random: names })
  }
}

/** Six weeks on the index as it was before, with both tools of the agent. */
export function* guidelineStaging(past: Past): Generator<string> {
  yield historyHeader('guideline-agent')
  yield* quietDays(past, {
    workload: GUIDELINE_AGENT,
    pods: [GUIDELINE_AGENT.pod ?? ''],
    days: RISING_DAYS,
    behaviour: (at, random) => {
      const { spans } = suggestion(at, { random, version: 'v6', share: SHARE.before, optionB: OPTION_B.before })
      const read = toolSpan('finding.read', { case: `${Math.floor(random() * 9_000)}` }, 5)
      return { at, spans: [...spans, read, toolSpan('guideline.search', { query: 'first choice' }, 6)] }
    },
  })
}

/** A contributor writes the guideline into the index anew, with another weight. */
function reweighting(at: number): SimulatedExecution {
  const attributes = {
    'holdfast.memory.operation': 'write',
    'holdfast.memory.store': INDEX,
    'holdfast.memory.record': RISEN,
    'holdfast.memory.content': `${guidelineText(RISEN)} Weight 3.0, version ${RISEN_VERSION}.`,
    'holdfast.identity.principal': 'contributor-77@clinic.example.test',
    'holdfast.identity.kind': 'user',
  }
  return { at, spans: [{ name: 'index write', attributes, after: 0, seconds: 0.4 }] }
}

type On = {
  readonly random: () => number
  readonly version: string
  readonly share: number
  readonly optionB: number
}

function suggestion(at: number, { random, version, share, optionB }: On): SimulatedExecution {
  const id = random() < share ? RISEN : (OTHERS[Math.floor(random() * OTHERS.length)] ?? '')
  const option = random() < optionB ? 'B' : 'A'
  const document = {
    id,
    uri: `guideline://${id}`,
    version: id === RISEN ? version : 'v2',
    content: guidelineText(id),
    score: 0.8,
    trust: 'internal',
  }
  const retrieval: SimulatedSpan = {
    name: `retrieval ${INDEX}`,
    attributes: {
      'gen_ai.operation.name': 'retrieval',
      'gen_ai.data_source.id': INDEX,
      'gen_ai.retrieval.query.text': 'first choice for this finding',
      'holdfast.retrieval.documents': JSON.stringify([document]),
    },
    after: 1,
    seconds: 0.2,
  }
  const answer = chatSpan('gpt-5-mini', { after: 2, random })
  const output = [{ role: 'assistant', parts: [{ type: 'text', content: `Option ${option} is suggested.` }] }]
  return {
    at,
    spans: [
      chatSpan('gpt-5-mini', { after: 0, random }),
      retrieval,
      { ...answer, attributes: { ...answer.attributes, 'gen_ai.output.messages': JSON.stringify(output) } },
    ],
  }
}
