import {
  counted,
  type EvidenceLine,
  type IncidentType,
  type MissingEvidence,
  outranks,
  type Signal,
} from '@holdfast/model'
import { type AlikeSignals, alikeLines, referencesOf, repeated } from './alike.ts'
import type { Counted, Sight } from './evidence.ts'

/** Signals alike as one line of evidence; what rests on a value's way through texts is inferred, what a source recorded is proven. */
export function lineOf({ strongest, signals }: AlikeSignals): EvidenceLine {
  const { id, tier, words, source, quote } = strongest
  return {
    words: repeated(words, signals),
    signal: id,
    ...referencesOf([strongest, ...signals]),
    tier: signals.reduce((best, one) => (outranks(one.tier, best) ? one.tier : best), tier),
    basis: source === 'provenance' || source === 'profile' ? 'inferred' : 'proven',
    ...(quote === undefined ? {} : { quote }),
  }
}

type Seen = { readonly signals: readonly Signal[]; readonly sight: Sight }

/** What was looked at and speaks against a type. That nothing was seen speaks only where there was something to see. */
export function against(type: IncidentType, { signals, sight }: Seen): readonly EvidenceLine[] {
  const isSupported = signals.length > 0
  switch (type) {
    case 'runtime-execution-escape':
      return isSupported || sight.kernel.count === 0
        ? []
        : [line(`${records(sight.kernel, 'record')} of the kernel show no act beyond the sandbox`, sight.kernel)]
    case 'privilege-boundary-escape':
      return isSupported || sight.authority.count === 0
        ? []
        : [
            line(
              `${records(sight.authority, 'call')} that authorities recorded show no use beyond profile and grant`,
              sight.authority,
            ),
          ]
    case 'reasoning-compromise':
      if (isSupported) return withoutEffect(signals)
      return sight.calls.count === 0 || sight.texts.count === 0
        ? []
        : [
            line(
              `${records(sight.calls, 'call')} ${sight.calls.count === 1 ? 'was' : 'were'} compared with ${records(sight.texts, 'text')} that nobody vouches for: no sentence in them explains one`,
              sight.calls,
            ),
          ]
  }
}

function withoutEffect(signals: readonly Signal[]): readonly EvidenceLine[] {
  const idle = signals.filter(({ hasEffect }) => hasEffect === false)
  const lines = idle.map((signal): EvidenceLine => ({
    words: 'this call only read or handed on: nothing reached beyond the agent by it',
    signal: signal.id,
    events: signal.events,
    entries: signal.entries,
    tier: signal.tier,
    basis: 'proven',
  }))
  return alikeLines(lines)
}

/** What was not seen that would decide for or against a type. */
export function missing(type: IncidentType, sight: Sight): readonly MissingEvidence[] {
  const { rulesCut = 0 } = sight
  const own = missingOf(type, sight)
  if (rulesCut === 0) return own
  return [
    ...own,
    {
      words: `${rulesCut} matches of rules beyond their bounds`,
      reason: 'rules met more events, groups or values than are looked at in one case',
      remedy: 'open the conversation, or narrow the rule that met so many (docs/rules.md)',
    },
  ]
}

function missingOf(
  type: IncidentType,
  { kernel, authority, calls, texts, notCaptured, unread, parts, unprofiled = [] }: Sight,
): readonly MissingEvidence[] {
  switch (type) {
    case 'runtime-execution-escape':
      return kernel.count > 0
        ? []
        : [
            {
              words: 'what its processes did',
              reason:
                'no kernel record carries the trace context of this execution; what only an address ties to its acts is in the audit row, not weighed here',
              remedy:
                'start the agent under `holdfast run` on a host with a sensor; where one watches it, have it hand its trace context to what it starts (sensor/README.md, "Which act it was")',
            },
          ]
    case 'privilege-boundary-escape':
      return [
        ...(authority.count > 0
          ? []
          : [
              {
                words: 'what its identities were used for',
                reason: 'no audit record of an authority belongs to this execution',
                remedy: 'have the audit log sent here (docs/authority.md)',
              },
            ]),
        ...(unprofiled.length === 0
          ? []
          : [
              {
                words: `what ${unprofiled.length === 1 ? 'an agent' : `${unprofiled.length} agents`} of it normally did`,
                reason: `too little was observed before it began of ${unprofiled.slice(0, 3).join(', ')}: nothing is called new`,
                remedy: 'let it be observed for some days, or import its history (docs/histories.md)',
              },
            ]),
      ]
    case 'reasoning-compromise':
      return [
        ...(calls.count > 0 && texts.count > 0
          ? []
          : [
              {
                words: calls.count > 0 ? 'the texts that its calls may have followed' : 'what the agent called',
                reason: 'the source told of none',
                remedy: 'switch on content in its telemetry, or put `holdfast llm` before its model (docs/proxies.md)',
              },
            ]),
        ...(notCaptured === 0
          ? []
          : [
              {
                words: `${counted(notCaptured, 'text')} of its context`,
                reason: 'they were not captured: an instruction may stand in any of them',
                remedy: 'switch on content in its telemetry, and look at the capture policy',
              },
            ]),
        ...(unread === 0
          ? []
          : [
              {
                words: `${unread} texts, calls and sentences beyond the bounds of one execution`,
                reason: 'it is larger than what is read at once',
                remedy: 'open the conversation: they are in the log',
              },
            ]),
        ...(parts === undefined
          ? []
          : [
              {
                words: `values that went from one of its ${parts} parts to another`,
                reason: 'it is larger than what is read at once, so each part is held against its own texts',
                remedy: 'open the conversation: all of it is in the log',
              },
            ]),
      ]
  }
}

function records({ count }: Counted, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function line(words: string, { events, entries, tier }: Counted): EvidenceLine {
  return { words, events, entries, tier, basis: 'proven' }
}
