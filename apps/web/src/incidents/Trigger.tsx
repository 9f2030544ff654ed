import type { IncidentWire, StandingWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Claim } from './Claim.tsx'
import { EventLink } from './EventLink.tsx'
import { askedBy, conversationOf, decisiveEvent } from './graph-of.ts'

type TriggerProps = { readonly incident: IncidentWire; readonly standing: StandingWire | undefined }

/**
 * What set it off, quoted inert: the text that asks for the deed where one was found, and where none was, the input that
 * its execution began with, which is captured more often and is no reason for the deed.
 */
export function Trigger({ incident, standing }: TriggerProps) {
  const line = askedBy(incident)
  const decisive = decisiveEvent(incident)
  const path =
    decisive === undefined ? null : (
      <EventLink
        event={decisive}
        conversation={conversationOf(incident, decisive)}
        label="trigger path (p)"
        triggerPath={{ via: line?.quote.event }}
      />
    )
  if (line === undefined)
    return <Began conversation={decisive === undefined ? undefined : conversationOf(incident, decisive)}>{path}</Began>
  const { state, words } = standing?.trigger ?? { state: undefined, words: '' }
  return (
    <section aria-label="What set it off" className="flex flex-col gap-0.5">
      <blockquote className="line-clamp-3 border-l-2 border-line-strong pl-2" title="as it was captured, inert">
        <Untrusted text={line.quote.text} />
      </blockquote>
      <span className="flex flex-wrap items-baseline gap-x-2">
        <Claim basis={line.basis} words={line.words} incident={incident} events={line.events} entries={line.entries} />
        {state !== undefined && (
          <span className={state === 'withheld' ? 'text-good' : 'text-warn'} title={words}>
            {state === 'withheld' ? 'kept from being read again' : state === 'readable' ? 'can still be read' : words}
          </span>
        )}
        <EventLink
          event={line.quote.event}
          conversation={conversationOf(incident, line.quote.event)}
          label="the text that brought it"
        />
        {path}
      </span>
    </section>
  )
}

type BeganProps = { readonly conversation: string | undefined; readonly children: React.ReactNode }

function Began({ conversation, children }: BeganProps) {
  const { data, isLoading } = useQuery({
    ...queries.conversation(conversation ?? ''),
    enabled: conversation !== undefined,
  })
  if (isLoading) return <>reading what it began with …</>
  const title = data?.title ?? ''
  return (
    <section aria-label="What set it off" className="flex flex-col gap-0.5">
      {title !== '' && (
        <blockquote className="line-clamp-2 border-l-2 border-line-strong pl-2" title="as it was captured, inert">
          <Untrusted text={title} />
        </blockquote>
      )}
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-warn">
          {title === '' ? 'what set it off was not captured' : 'began with this; no captured text asks for the deed'}
        </span>
        {children}
      </span>
    </section>
  )
}
