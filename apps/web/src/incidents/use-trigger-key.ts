import type { IncidentWire } from '@holdfast/api'
import { useNavigate } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { useKey } from '../shell/use-key.ts'
import { askedBy, conversationOf, decisiveEvent } from './graph-of.ts'

/** One key from the finding that has the focus, or else from the decisive one, to its trigger path in the graph. */
export function useTriggerKey(incident: IncidentWire): void {
  const navigate = useNavigate()
  const decisive = decisiveEvent(incident)
  useKey(
    'trigger',
    () => {
      const focused = document.activeElement
      const event =
        focused?.closest('[data-event]')?.getAttribute('data-event') ??
        focused?.closest('[data-finding]')?.getAttribute('data-finding') ??
        decisive
      if (event === undefined) return
      void navigate({
        to: paths.conversation,
        params: { conversation: conversationOf(incident, event) },
        search: { view: 'graph', mode: 'aggregated', event, path: 'trigger', via: askedBy(incident)?.quote.event },
      })
    },
    decisive !== undefined,
  )
}
