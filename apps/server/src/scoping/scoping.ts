import type { UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { FactSource } from '../case/fact-source.ts'
import type { ViewsClient } from '../views/client.ts'
import { Answers } from './answers.ts'
import { Audits } from './audits.ts'
import { Quarantine } from './quarantine.ts'
import { type ScopeOf, scopeOf } from './response-scope.ts'
import { Scopes } from './scopes.ts'
import { scopingFacts } from './scoping-facts.ts'

export type ScopingSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'signCheckpoint' | 'size'>
  readonly reader: Pick<LogReader, 'controls' | 'entry'>
  readonly views: Pick<ViewsClient, 'ask' | 'onFolded'>
  readonly clock: () => UnixNano
}

/** Everything that looks at what incidents reached. */
export type Scoping = {
  readonly scopes: Scopes
  readonly audits: Audits
  readonly quarantine: Quarantine
  readonly scopeOf: ScopeOf
  readonly facts: FactSource
}

/** Puts together what is on record of scopes, audits and the quarantine. */
export function openScoping({ views, ...rest }: ScopingSources): Scoping {
  const sources = { ...rest, views: new Answers(views) }
  const scopes = new Scopes(sources)
  const quarantine = new Quarantine(sources)
  const audits = new Audits({ ...sources, scopes, quarantine })
  return { scopes, audits, quarantine, scopeOf: scopeOf(sources.views), facts: scopingFacts(scopes, audits) }
}
