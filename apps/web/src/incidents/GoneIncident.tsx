import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { demoQueries } from '../demo/queries.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { TitleBar } from '../ui/TitleBar.tsx'

/** At the address of an incident that is none of this log: why it may be gone, and where the others are. */
export function GoneIncident({ id }: { readonly id: string }) {
  const { data } = useQuery(demoQueries.demo())
  const [removed] = data?.removed ?? []
  return (
    <TitleBar
      tab="No incident"
      title={removed === undefined ? 'No incident of this log' : 'No incident of this log any more'}
    >
      <span className="block">
        <Untrusted text={id} className="mono" /> is the id of none.
        {removed !== undefined && (
          <>
            {' '}
            A demo was removed at <Time at={removed.at} form="clock" />, and its incidents with it.
          </>
        )}{' '}
        <Link to={paths.incidents} className="link">
          Incidents
        </Link>
      </span>
    </TitleBar>
  )
}
