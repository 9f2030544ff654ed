import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { plural } from '../ui/format.ts'

/** How many incidents there are of an agent or a conversation, leading to them; nothing while there are none. */
export function IncidentBadge(of: { readonly agent: string } | { readonly conversation: string }) {
  const { data } = useQuery(queries.incidentsOf(of))
  const [first] = data?.items ?? []
  if (data === undefined || first === undefined) return null
  const text = plural(data.total, 'incident')
  return data.total === 1 ? (
    <Link to={paths.incident} params={{ incident: first.id }} className="badge badge-bad">
      {text}
    </Link>
  ) : (
    <Link to={paths.incidents} search={'agent' in of ? { agent: of.agent } : {}} className="badge badge-bad">
      {text}
    </Link>
  )
}
