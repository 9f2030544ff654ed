import type { Answer, IncidentWire } from '@holdfast/api'
import type { IncidentType, UnixNano } from '@holdfast/model'
import type { Notice } from '@holdfast/respond'

const TYPE_WORDS: Readonly<Record<IncidentType, string>> = {
  'runtime-execution-escape': 'Runtime execution escape',
  'privilege-boundary-escape': 'Privilege boundary escape',
  'reasoning-compromise': 'Reasoning compromise',
}

const AGENTS_NAMED = 3
const POSITIONS_NAMED = 5

/** An incident for people, by its type. */
export function typeWords(type: IncidentType): string {
  return TYPE_WORDS[type]
}

export function severityOf({ outcome, triage }: Pick<IncidentWire, 'outcome' | 'triage'>): Notice['severity'] {
  if (outcome === 'attempt') return 'info'
  switch (triage) {
    case 'page':
      return 'high'
    case 'investigate':
      return 'medium'
    case 'document':
      return 'low'
  }
}

/** Where the workspace shows an incident. */
export function incidentPath(incident: string): string {
  return `/incidents/${encodeURIComponent(incident)}`
}

/**
 * What is told of an incident: type, agents, where in the log it began and what it did. Its own sentence, its quotes and its
 * lines of evidence hold captured text and stay here.
 */
export function incidentNotice(
  incident: IncidentWire,
  told: {
    readonly id: string
    readonly name: string
    readonly kind: 'incident-opened' | 'incident-revised'
    readonly evidence: Answer<'getIncidentEvidence'> | undefined
    readonly proposed: string | undefined
    readonly at: UnixNano
  },
): Notice {
  const { type, contributing, confidence, standing, outcome, agents, repeats } = incident
  const what = outcome === 'attempt' ? 'attempt of ' : ''
  const more = agents.length - AGENTS_NAMED
  const names = agents.slice(0, AGENTS_NAMED).map(nameOfAgent).join(', ')
  return {
    id: told.id,
    kind: told.kind,
    incident: told.name,
    type,
    severity: severityOf(incident),
    title: `${what}${TYPE_WORDS[type]}: ${names}${more > 0 ? ` and ${more} more agents` : ''}`,
    lines: [
      `Confidence ${confidence}, ${standing}${contributing.length === 0 ? '' : `; contributing: ${contributing.map((one) => TYPE_WORDS[one]).join(', ')}`}`,
      triggerLine(incident),
      harmLine(incident),
      `First action: ${incident.triageAdvice.firstAction}`,
      ...(told.proposed === undefined ? [] : [`Proposed: ${told.proposed}`]),
      ...(told.evidence === undefined ? [] : [evidenceLine(told.evidence)]),
      ...(repeats > 1 ? [`The same was seen ${repeats} times`] : []),
    ],
    for: [],
    confidence,
    path: incidentPath(incident.id),
    at: told.at,
  }
}

/** The last part of an agent's id: its name as people know it. Captured: untrusted. */
export function nameOfAgent(agent: string): string {
  return agent.slice(agent.lastIndexOf('/') + 1)
}

function triggerLine({ chain }: IncidentWire): string {
  const found = chain.links.find(
    ({ stage, state }) => (stage === 'origin' || stage === 'entry') && state !== 'not-seen',
  )
  if (found === undefined) return 'Trigger: not seen'
  const { stage, state, entries } = found
  return `Trigger: ${stage}, ${state}${entries.length === 0 ? '' : `, log entry ${entries.slice(0, POSITIONS_NAMED).join(', ')}`}`
}

function harmLine({ chain, surfaces }: IncidentWire): string {
  const effect = chain.links.find(({ stage }) => stage === 'effect')
  const red = Object.entries(surfaces).flatMap(([surface, colour]) => (colour === 'red' ? [surface] : []))
  return `Harm: ${effect === undefined || effect.state === 'not-seen' ? 'no effect seen' : `effect ${effect.state}`}${red.length === 0 ? '' : ` on ${red.join(', ')}`}`
}

function evidenceLine({ completeness }: Answer<'getIncidentEvidence'>): string {
  return `Evidence: ${Math.round(completeness * 100)} % of the six artifacts is there`
}
