/** What a condition may ask about. The value of a `count` is a whole number, of an `answer` one of its words. */
export type FactKind =
  | { readonly kind: 'yes-no' }
  | { readonly kind: 'count' }
  | { readonly kind: 'answer'; readonly answers: readonly string[] }

export type FactValue = boolean | number | string

/**
 * Who may state it. `program`: a check with its inputs, which no person can state. `person`: a judgement, signed with a name.
 * `case`: follows from what was recorded about the case, and nobody states it.
 */
export type FactSource = 'program' | 'person' | 'either' | 'case'

export type FactDefinition = FactKind & { readonly from: FactSource; readonly words: string }

const yes = (from: FactSource, words: string): FactDefinition => ({ kind: 'yes-no', from, words })
const count = (from: FactSource, words: string): FactDefinition => ({ kind: 'count', from, words })
const answer = (from: FactSource, words: string, ...answers: readonly string[]): FactDefinition => ({
  kind: 'answer',
  from,
  words,
  answers,
})

/** Every fact that a runbook may name. A fact that nobody stated holds no condition, whichever way it is asked. */
export const FACTS = {
  'type-named': yes('case', 'exactly one type is named'),
  'artifacts-sealed': yes('case', 'the artifacts are sealed in the log'),
  'rung-confirmed': yes('case', 'a probe confirmed the rung in effect'),
  'unsettled-actions': count('case', 'actions of an earlier type that are neither reverted nor justified'),
  'detect-closed': yes('case', 'phase Detect is closed'),
  'contain-closed': yes('case', 'phase Contain is closed'),
  'eradicate-closed': yes('case', 'phase Eradicate is closed'),
  'recover-closed': yes('case', 'phase Recover is closed'),
  'open-tasks-security': count('case', 'tasks of Security that are open in this phase'),
  'open-tasks-platform': count('case', 'tasks of Platform that are open in this phase'),
  'open-tasks-ai-engineering': count('case', 'tasks of AI engineering that are open in this phase'),

  'kernel-indicator': yes('program', 'a kernel event outside the envelope was seen'),
  'scope-delta': yes('program', 'an action or resource outside profile or grant purpose was used'),
  'context-anomaly': yes('program', 'an untrusted origin stands upstream of an unusual sequence'),
  'graph-built': yes('program', 'the execution graph of the case is derived'),
  'triage-tier': answer('program', 'how urgent it is', 'document', 'investigate', 'page'),
  'patient-zero-candidates': count('program', 'inputs named as possible patient zero'),

  'type-confirmed': yes('person', 'a person has confirmed the type'),
  'reach-unlisted': count('program', 'processes, mounts and neighbours in reach that are not listed'),
  'principals-unlisted': count('program', 'principals and grant paths of the case that are not listed'),
  'patient-zero': answer('either', 'where it began', 'fixed', 'declared-unknown'),
  'scope-frozen': yes('program', 'the AI-BOM scope of the window is fixed'),

  'paths-open': count('program', 'paths on which a probe got through'),
  'neighbours-open': count('program', 'neighbours that are neither clear nor contained'),
  'old-token-refused': yes('program', 'the frozen credential was tried and refused'),
  'grant-regions-open': count('program', 'regions in which the suspended grant still works'),
  'tainted-items-retrievable': count('program', 'tainted items that a retrieval still returns'),
  'channels-open': count('program', 'input channels of the taint that still accept'),
  'receivers-unswept': count('program', 'receivers of tainted work that were not swept'),

  'image-scan-findings': count('program', 'findings in the scan of the rebuilt image'),
  // No part of the program runs an escape again: who did so names the log entries of that run.
  'escape-replay': answer('either', 'the escape, replayed against the new envelope', 'denied', 'passed'),
  'other-holders': count('program', 'other identities that hold the misused path'),
  'old-secrets-live': count('program', 'rotated secrets whose old value still works'),
  'siblings-unchecked': count('program', 'items of the same origin that were not checked'),
  'gates-unaudited': count('program', 'gates into the context without a result for the window'),
  'descriptions-unreviewed': count('program', 'tool descriptions in scope whose change was not reviewed'),
  'threat-model-updated': yes('person', 'the threat model names what happened'),

  'digest-matches': yes('program', 'what runs has the digest that was built'),
  'monitored-hours': count('program', 'hours in monitoring since it came back'),
  recurrences: count('program', 'incidents and attempts of the type that went on or began since it came back'),
  'exercised-uncovered': count('program', 'exercised permissions that the new grant lacks'),
  'unused-excess': count('program', 'granted permissions that were idle over the window'),
  'parity-gate': answer('program', 'staging against what is declared', 'passed', 'refused'),
  'profile-state': answer('program', 'state of the rebuilt profile', 'converged', 'ageing', 'learning'),
  mode: answer('program', 'the mode in which it runs', 'monitoring', 'enforcement'),

  'replay-outcome': answer('program', 'the same chain, replayed', 'earlier', 'blocked', 'not-earlier'),
  'envelope-updated': yes('program', 'rule and envelope versions of the change are active'),
  'grant-path-refused': yes('program', 'the same grant path is refused at request time'),
  'source-rules-active': yes('program', 'rules for who may write to the source are active'),
} as const satisfies Readonly<Record<string, FactDefinition>>

export type FactName = keyof typeof FACTS

/** Whether a runbook may ask for a fact of this name. */
export function isFactName(text: string): text is FactName {
  return Object.hasOwn(FACTS, text)
}

/** Why `value` cannot be what `fact` is; undefined where it can. */
export function misfitOf(fact: FactName, value: FactValue): string | undefined {
  const definition: FactDefinition = FACTS[fact]
  switch (definition.kind) {
    case 'yes-no':
      return typeof value === 'boolean' ? undefined : `${fact} is true or false`
    case 'count':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
        ? undefined
        : `${fact} is a whole number from 0`
    case 'answer':
      return typeof value === 'string' && definition.answers.includes(value)
        ? undefined
        : `${fact} is one of ${definition.answers.join(', ')}`
  }
}
