import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'

type EventLinkProps = {
  readonly event: string
  readonly conversation: string
  readonly label: string
  /** Opens the graph with the way that led to it marked, in place of its row: through the event `via`, where that is a cause of it. */
  readonly triggerPath?: { readonly via: string | undefined }
}

/** Leads to the event's step in its conversation. */
export function EventLink({ event, conversation, label, triggerPath }: EventLinkProps) {
  return (
    <Link
      to={paths.conversation}
      params={{ conversation }}
      search={
        triggerPath === undefined
          ? { view: 'tree', mode: 'aggregated', event }
          : { view: 'graph', mode: 'aggregated', event, path: 'trigger', via: triggerPath.via }
      }
      className="link self-start"
      data-event={event}
    >
      <Untrusted text={label} />
    </Link>
  )
}
