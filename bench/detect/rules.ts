import { celEnv, parse, plan } from '@bufbuild/cel'
import { compileRules, incidentsOf, readCase, type RuleSet } from '@holdfast/detect'
import type { ConversationId, Event } from '@holdfast/model'
import { readRuleFolder, SHIPPED_RULES } from '../../apps/server/src/rules/read-folder.ts'
import { generatedRules, type GeneratedRule } from './generated-rules.ts'
import { median, round } from './figures.ts'

const conversation = 'bench' as ConversationId // any text is one

type Options = {
  readonly cases: readonly (readonly Event[])[]
  readonly rounds: number
  readonly say: (line: object) => void
}

/** What detection costs an event, with rules off, with those that ship, and with thousands; and the bare CEL library beside it. */
export function benchRules({ cases, rounds, say }: Options): readonly string[] {
  const events = cases.reduce((sum, one) => sum + one.length, 0)
  const shipped = compileRules(readRuleFolder(SHIPPED_RULES).sources).rules
  const made = generatedRules(3_000)
  const many = compiled(made)
  const few = compiled(made.slice(0, 300))
  const judgeWith =
    (rules: RuleSet): (() => void) =>
    () => {
      for (const one of cases) incidentsOf([readCase(one, { conversation, rules })])
    }
  const none = compileRules([]).rules
  const ways: Readonly<Record<string, () => void>> = {
    rulesOff: judgeWith(none),
    shipped: judgeWith(shipped),
    rules3000: judgeWith(many),
    shippedAlone: () => hold(cases, shipped),
    rules300Alone: () => hold(cases, few),
    rules3000Alone: () => hold(cases, many),
  }
  const times = measured(ways, rounds)
  for (const [way, ms] of Object.entries(times))
    say({
      way,
      events,
      eventsPerCpuSecond: Math.round(events / (median(ms) / 1_000)),
      microsPerEvent: round((median(ms) * 1_000) / events),
    })
  const ratio = (a: string, b: string): number =>
    round(median((times[a] ?? []).map((ms, i) => ms / (times[b]?.[i] ?? 1))))
  const candidates = cases.flatMap((one) => one.map((event) => many.candidateCount(event))).toSorted((a, b) => a - b)
  say({
    rules: { shipped: shipped.rules.length, generated: made.length },
    shippedRateOverRulesOff: ratio('rulesOff', 'shipped'),
    rules3000RateOverRulesOff: ratio('rulesOff', 'rules3000'),
    tenTimesTheRulesCost: ratio('rules3000Alone', 'rules300Alone'),
    candidates: {
      p50: candidates[Math.floor(candidates.length / 2)],
      p95: candidates[Math.floor(candidates.length * 0.95)],
      max: candidates.at(-1),
    },
  })
  return againstCel({ cases, rounds, say, made, many })
}

function compiled(rules: readonly GeneratedRule[]): RuleSet {
  const { rules: set, problems } = compileRules(rules.map(({ source }) => source))
  if (problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 3)))
  return set
}

function hold(cases: readonly (readonly Event[])[], rules: RuleSet): void {
  for (const one of cases) for (const event of one) rules.matching(event)
}

/** CEL evaluates every expression for every event, so it is given a part of them; what both find must be the same. */
function againstCel({
  cases,
  rounds,
  say,
  made,
  many,
}: Options & { readonly made: readonly GeneratedRule[]; readonly many: RuleSet }): readonly string[] {
  const events = cases.flat().slice(0, 1_000)
  const env = celEnv()
  const plans = made.map(({ source, cel }) => ({ name: source.name, evaluate: plan(env, parse(cel)) }))
  const bound = events.map(bindings)
  const ours: string[] = []
  const theirs: string[] = []
  const times = measured(
    {
      ours: () => {
        ours.length = 0
        for (const [i, event] of events.entries()) for (const name of many.matching(event)) ours.push(`${i} ${name}`)
      },
      cel: () => {
        theirs.length = 0
        for (const [i, values] of bound.entries())
          for (const { name, evaluate } of plans) if (evaluate(values) === true) theirs.push(`${i} ${name}`)
      },
    },
    Math.min(rounds, 3),
  )
  say({
    cel: { events: events.length, expressions: plans.length, found: theirs.length },
    microsPerEvent: {
      ours: round((median(times['ours'] ?? []) * 1_000) / events.length),
      cel: round((median(times['cel'] ?? []) * 1_000) / events.length),
    },
    timesAsFast: round(median((times['cel'] ?? []).map((ms, i) => ms / (times['ours']?.[i] ?? 1)))),
  })
  return JSON.stringify(ours.toSorted()) === JSON.stringify(theirs.toSorted()) && ours.length > 0
    ? []
    : [`rules found ${ours.length} and CEL ${theirs.length}`]
}

/** The fields that the expressions name, made once for each event: CEL is not charged for them. */
function bindings({ body }: Event): Record<string, string | Map<string, string | readonly string[]>> {
  const groups: Record<string, Map<string, string | readonly string[]>> = {
    process: new Map(),
    file: new Map(),
    api: new Map(),
    tool: new Map(),
  }
  if (body.kind === 'process' && 'binary' in body) {
    groups['process']?.set('binary', body.binary)
    if ('text' in body.arguments) groups['process']?.set('arguments', body.arguments.text)
  }
  if (body.kind === 'file') groups['file']?.set('path', body.path)
  if (body.kind === 'api-call') groups['api']?.set('action', body.action).set('resources', body.resources)
  if (body.kind === 'tool-call' && 'text' in body.arguments) groups['tool']?.set('arguments', body.arguments.text)
  return { kind: body.kind, ...groups }
}

/** CPU milliseconds of each way by round; they take turns at going first. */
function measured(
  ways: Readonly<Record<string, () => void>>,
  rounds: number,
): Readonly<Record<string, readonly number[]>> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((way) => [way, []]))
  for (const way of Object.values(ways)) way() // until it is compiled
  for (let i = 0; i < rounds; i += 1)
    for (const [name, way] of i % 2 === 0 ? Object.entries(ways) : Object.entries(ways).toReversed()) {
      const begun = process.cpuUsage()
      way()
      const { user, system } = process.cpuUsage(begun)
      times[name]?.push((user + system) / 1_000)
    }
  return times
}
