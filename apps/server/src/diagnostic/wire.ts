import type { CapabilityWire, DiagnosticQuestionWire, DiagnosticWire } from '@holdfast/api'
import { shellWord } from '@holdfast/model'
import {
  diagnosticPath,
  type AnsweredQuestion,
  type Check,
  type Diagnostic,
  type DiagnosticFacts,
  type JudgedCapability,
} from '@holdfast/reconcile'
import { pictureOf } from './pictures.ts'

type Told = {
  readonly facts: DiagnosticFacts
  readonly diagnostic: Diagnostic
  readonly asOf: string
  readonly size: number
  readonly key: string
  readonly tookMs: number
  readonly pickedBecause?: string
}

/** A diagnostic as it goes over the wire, with what every tile draws. */
export function diagnosticWire(told: Told): DiagnosticWire {
  const { facts, diagnostic, asOf, size, key, tookMs, pickedBecause } = told
  const { agent, name, at, isChosen, hostedBy } = facts.target
  return {
    agent,
    name,
    at,
    chosen: isChosen,
    ...(pickedBecause === undefined ? {} : { pickedBecause }),
    asOf,
    size,
    key,
    ...(hostedBy === undefined ? {} : { hostedBy }),
    questions: diagnostic.questions.map((question) => questionWire(question, facts)),
    capabilities: diagnostic.capabilities.map(capabilityWire),
    phases: { ...diagnostic.phases },
    path: diagnosticPath(facts.target),
    tookMs,
  }
}

/** Every log position that the answers rest on, as far as they are shown. */
export function entriesOf(
  questions: readonly { readonly evidence: readonly { readonly entries: readonly number[] }[] }[],
) {
  return [...new Set(questions.flatMap(({ evidence }) => evidence.flatMap(({ entries }) => entries)))].toSorted(
    (a, b) => a - b,
  )
}

function questionWire(answered: AnsweredQuestion, facts: DiagnosticFacts): DiagnosticQuestionWire {
  const { id, question, verdict, checks, path } = answered
  const picture = pictureOf(id, facts)
  const { agent, at } = facts.target
  return {
    id,
    question,
    verdict,
    ...shown(checks),
    path,
    command: `holdfast diagnose --agent ${shellWord(agent)} --at ${at} --question ${id}`,
    ...(picture === undefined ? {} : { picture }),
  }
}

function capabilityWire({ id, capability, phase, verdict, checks }: JudgedCapability): CapabilityWire {
  return { id, capability, phase, verdict, ...shown(checks) }
}

function shown(checks: readonly Check[]): Pick<CapabilityWire, 'checks' | 'evidence' | 'missing'> {
  const wire = checks.map(({ what, outcome, reason, evidence }) => ({
    what,
    outcome,
    reason,
    evidence: evidence.map(({ entries, events, ...rest }) => ({
      ...rest,
      entries: [...entries],
      ...(events === undefined ? {} : { events: [...events] }),
    })),
  }))
  return {
    checks: wire,
    evidence: wire.flatMap(({ evidence }) => evidence),
    missing: wire.filter(({ outcome }) => outcome !== 'met').map(({ what, reason }) => `${what}: ${reason}`),
  }
}
