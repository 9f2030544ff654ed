import type { IncidentType, Rung, Surface } from '@holdfast/model'
import { RUNGS } from '@holdfast/model'

/** What a rung does to the workload, in words for a person who has to choose. */
export type RungNature = {
  readonly code: 'R0' | 'R1' | 'R2' | 'R3' | 'R4' | 'R5'
  readonly stops: string
  readonly keeps: string
  readonly isReversible: boolean
  readonly undo: string
  /** What it costs those whom the agent serves. */
  readonly cost: string
}

export const RUNG_NATURE: Readonly<Record<Rung, RungNature>> = {
  watch: { code: 'R0', stops: 'nothing', keeps: 'everything', isReversible: true, undo: 'none needed', cost: 'none' },
  restrict: {
    code: 'R1',
    stops: 'the one tool, scope, destination or edge that fired',
    keeps: 'the process, its other work and all capture',
    isReversible: true,
    undo: 'release or time limit',
    cost: 'work that needs the one thing fails until it is released',
  },
  'soft-quarantine': {
    code: 'R2',
    stops: 'all reach outside, open connections included; live conversations are handed over',
    keeps: 'the process and all capture',
    isReversible: true,
    undo: 'release or time limit',
    cost: 'nobody is served; conversations are handed over',
  },
  pause: {
    code: 'R3',
    stops: 'every step of the process',
    keeps: 'its memory, frozen',
    isReversible: true,
    undo: 'release or time limit',
    cost: 'nobody is served; callers wait and time out',
  },
  stop: {
    code: 'R4',
    stops: 'the process, drained',
    keeps: 'what was sealed',
    isReversible: false,
    undo: 'redeploy',
    cost: 'nobody is served until it is deployed again; work in hand is finished first',
  },
  kill: {
    code: 'R5',
    stops: 'the process at once, and its return',
    keeps: 'what was sealed',
    isReversible: false,
    undo: 'redeploy',
    cost: 'nobody is served until somebody lets it return; work in hand is lost',
  },
}

/** Softest is 0. */
export function rungHeight(rung: Rung): number {
  return RUNGS.indexOf(rung)
}

export function harderThan(rung: Rung): Rung | undefined {
  return RUNGS[rungHeight(rung) + 1]
}

export function softerThan(rung: Rung): Rung | undefined {
  return RUNGS[rungHeight(rung) - 1]
}

export const FAMILIES = ['isolate', 'authority', 'context'] as const

/** What else is cut, by what went wrong. */
export type Family = (typeof FAMILIES)[number]

export const FAMILY_OF: Readonly<Record<IncidentType, Family>> = {
  'runtime-execution-escape': 'isolate',
  'privilege-boundary-escape': 'authority',
  'reasoning-compromise': 'context',
}

export type Verb = 'revoke' | 'scope' | 'sever'

/** One cut of a family: where it bites, and whether it can be taken back. */
export type Cut = {
  readonly id: string
  readonly family: Family
  readonly words: string
  readonly surface: Surface
  readonly verb: Verb
  readonly isReversible: boolean
}

/** The cuts of each family. A review cuts nothing: it is work for people, and stands in the runbooks. */
export const CUTS: readonly Cut[] = [
  cut('isolate', 'cut-neighbours', 'cut the pod from its neighbours', 'S4', 'sever'),
  cut('isolate', 'cordon-node', 'cordon the node', 'S2', 'scope'),
  cut('isolate', 'block-host-paths', 'block host paths', 'S2', 'revoke'),
  cut('isolate', 'hold-image', 'hold the image tag', 'S2', 'scope'),
  cut('authority', 'freeze-credential', 'freeze the credential', 'S3', 'revoke'),
  cut('authority', 'suspend-grant', 'suspend the grant', 'S3', 'sever'),
  cut('authority', 'scope-role', 'scope the role to the envelope', 'S3', 'scope'),
  { ...cut('authority', 'rotate-secret', 'rotate the secret', 'S3', 'revoke'), isReversible: false },
  cut('context', 'pin-corpus', 'pin the retrieval corpus to its last clean version', 'S1', 'scope'),
  cut('context', 'quarantine-item', 'quarantine the document or tool description', 'S1', 'revoke'),
  cut('context', 'close-channel', 'close the input channel', 'S1', 'sever'),
  cut('context', 'hold-memory', 'hold memory writes', 'S1', 'scope'),
]

function cut(family: Family, id: string, words: string, surface: Surface, verb: Verb): Cut {
  return { id, family, words, surface, verb, isReversible: true }
}
