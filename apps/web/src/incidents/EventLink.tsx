import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'

type EventLinkProps = {
  readonly event: string
  readonly conversation: string
  readonly label: string
  /** Opens the graph with the way that led to it marked, in place of its row. */
  readonly isTriggerPath?: boolean
}

/** Leads to the event's step in its conversation. */
export function EventLink({ event, conversation, label, isTriggerPath = false }: EventLinkProps) {
  return (
    <Link
      to={paths.conversation}
      params={{ conversation }}
      search={
        isTriggerPath
          ? { view: 'graph', mode: 'aggregated', event, path: 'trigger' }
          : { view: 'tree', mode: 'aggregated', event }
      }
      className="link self-start"
      data-event={event}
    >
      <Untrusted text={label} />
    </Link>
  )
}
