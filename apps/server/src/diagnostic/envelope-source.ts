import { generatorOf, inForceAt, newestOf, NO_ROLLOUT, withRecord, type RolloutState } from '@holdfast/enforce'
import { formatRfc3339, type PolicyArtifact } from '@holdfast/model'
import type { EnvelopeFact, EnvelopeFacts, EnvelopeOutcome } from '@holdfast/reconcile'
import type { LogReader } from '@holdfast/recorder'
import { policyRecord } from '../policy/policy-records.ts'
import type { PolicyBook } from '../policy/policy-book.ts'
import type { ViewsClient } from '../views/client.ts'
import { askView } from './ask-view.ts'
import { DENIALS_COMPARED, GROUND_POSITIONS, OTHER_ENVELOPES } from './limits.ts'
import type { QuestionSource } from './question-source.ts'
import type { KnownViolation, ViolationLedger } from './violation-ledger.ts'

export type EnvelopeSourceParts = {
  readonly views: Pick<ViewsClient, 'ask'>
  readonly violations: ViolationLedger
  readonly reader: Pick<LogReader, 'eachControl'>
  readonly book: Pick<PolicyBook, 'state'>
}

/** Q3, C6 and C7: the policies of the agent and of others, what their lines rest on now, and what they let through and refused. */
export function envelopeSource(parts: EnvelopeSourceParts): QuestionSource<EnvelopeFacts> {
  return async ({ agent, at, isChosen }, now) => {
    const state = isChosen ? stateAt(parts.reader, at) : parts.book.state
    const time = isChosen ? at : now
    const standing = inForceAt(state, agent, { time }).map(({ artifact }) => artifact)
    const newest = newestOf(state, agent).map(({ artifact }) => artifact)
    const own = [...new Map([...standing, ...newest].map((artifact) => [artifact.id, artifact])).values()]
    const lost = await lostGround(parts, own)
    const others = [...state.force.keys()]
      .filter((other) => other !== agent)
      .flatMap((other) => inForceAt(state, other, { time }).map(({ artifact }) => artifact))
      .slice(0, OTHER_ENVELOPES)
    const fact = (artifact: PolicyArtifact): EnvelopeFact =>
      envelopeFact(artifact, { state, time, lost: lost.get(artifact.id) ?? 0 })
    const refusal = own.length > 0 ? undefined : await askView(parts.views, 'getPolicyStanding', { agent, now })
    if (own.length === 0 && refusal === undefined) return undefined
    return {
      own: own.map(fact),
      others: others.map(fact),
      outcomes:
        own.length === 0
          ? []
          : await outcomesOf(parts, { agent, own, others, state, until: isChosen ? at : undefined }),
      refusals: refusal?.refusal === undefined ? [] : [refusal.refusal.reason],
    }
  }
}

/** What held then, by the records of the log until that instant. */
function stateAt(reader: Pick<LogReader, 'eachControl'>, at: string): RolloutState {
  let state = NO_ROLLOUT
  for (const entry of reader.eachControl('policy')) {
    if (Date.parse(formatRfc3339(entry.recordedAt)) > Date.parse(at)) break
    state = withRecord(state, policyRecord(entry))
  }
  return state
}

/** How many lines of each artifact have nothing in the log any more that they rest on. */
async function lostGround(
  { views }: EnvelopeSourceParts,
  artifacts: readonly PolicyArtifact[],
): Promise<ReadonlyMap<string, number>> {
  if (artifacts.length === 0) return new Map()
  const verified = await askView(views, 'verifyPolicies', { artifacts })
  return new Map((verified?.items ?? []).map(({ artifact, lost }) => [artifact, lost.length]))
}

const GROUNDED: ReadonlySet<string> = new Set(['observed', 'closure', 'grant'])

function envelopeFact(
  artifact: PolicyArtifact,
  { state, time, lost }: { readonly state: RolloutState; readonly time: string; readonly lost: number },
): EnvelopeFact {
  const { id, kind, agent, lines, decisions, effective, profile } = artifact
  const force = inForceAt(state, agent, { time }).filter((one) => one.artifact.id === id)
  const mode = force.some((one) => one.mode === 'enforce') ? 'enforce' : force.length > 0 ? 'monitor' : 'generated'
  const grounds = lines.flatMap((line) => line.grounds.flatMap(({ entries }) => entries))
  return {
    artifact: id,
    kind,
    agent,
    profileDigest: profile.digest,
    stage: state.spent.get(id) ?? mode,
    lines: lines.length,
    grounded: lines.filter(({ because }) => GROUNDED.has(because)).length,
    lostGround: lost,
    decisions: Object.values(decisions).filter(({ value, chosenBy }) => value !== '' && chosenBy !== '').length,
    narrows: effective.narrows,
    grounds: grounds.slice(0, GROUND_POSITIONS),
    record: state.artifacts.get(id)?.entry ?? 0,
  }
}

type Asked = {
  readonly agent: string
  readonly own: readonly PolicyArtifact[]
  readonly others: readonly PolicyArtifact[]
  readonly state: RolloutState
  readonly until: string | undefined
}

/** Acts that one envelope refused, and the same acts where the other agent's envelope let it do them. */
async function outcomesOf(parts: EnvelopeSourceParts, asked: Asked): Promise<readonly EnvelopeOutcome[]> {
  const { agent, own, others, until } = asked
  await parts.violations.look()
  const denials = parts.violations
    .of(undefined, until)
    .filter(({ violation }) => violation.mode === 'enforce')
    .slice(0, DENIALS_COMPARED)
  const outcomes: EnvelopeOutcome[] = []
  for (const denial of denials) {
    const { event, violation } = denial
    outcomes.push({
      agent: event.agent.id,
      artifact: violation.artifact,
      what: violation.what,
      outcome: 'denied',
      entry: event.entry,
      event: event.id,
    })
    const beside = (event.agent.id === agent ? others : own).filter(({ kind }) => kind === violation.kind)
    for (const artifact of beside) {
      const allowed = await allowedBy(parts, artifact, { denial, state: asked.state })
      if (allowed !== undefined) outcomes.push(allowed)
    }
  }
  return outcomes
}

/** The same act of the artifact's own agent since the artifact stands, where the artifact lets it through. */
async function allowedBy(
  { views }: EnvelopeSourceParts,
  artifact: PolicyArtifact,
  { denial, state }: { readonly denial: KnownViolation; readonly state: RolloutState },
): Promise<EnvelopeOutcome | undefined> {
  const { event, violation } = denial
  const { agent } = artifact
  // The other agent's act, as if this one had done it.
  const judgement = generatorOf(artifact.kind)?.judge(artifact)(event)
  if (judgement?.status !== 'allowed') return undefined
  const line = artifact.lines.find(({ pointer }) => pointer === judgement.pointer)
  const since = state.force.get(agent)?.find((period) => period.artifact === artifact.id)?.from ?? -1
  for (const { dimension, key } of line?.grounds ?? []) {
    const proofs = await askView(views, 'listProfileProofs', {
      agent,
      query: { dimension, key, after: since, limit: 1 },
    })
    const [proof] = proofs?.items ?? []
    if (proof === undefined) continue
    const [done] = proof.events
    return {
      agent,
      artifact: artifact.id,
      what: violation.what,
      outcome: 'allowed',
      entry: proof.entry,
      ...(done === undefined ? {} : { event: done }),
    }
  }
  return undefined
}
