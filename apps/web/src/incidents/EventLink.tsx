import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'

type EventLinkProps = { readonly event: string; readonly conversation: string; readonly label: string }

/** Leads to the event's step in its conversation. */
export function EventLink({ event, conversation, label }: EventLinkProps) {
  return (
    <Link
      to={paths.conversation}
      params={{ conversation }}
      search={{ view: 'tree', mode: 'aggregated', event }}
      className="link self-start"
    >
      <Untrusted text={label} />
    </Link>
  )
}
