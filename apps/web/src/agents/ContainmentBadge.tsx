import type { ContainmentWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { Time } from '../time/Time.tsx'
import { Icon } from '../ui/Icon.tsx'

/** The containment that stands now, the newest first: neither released, refused nor over. */
export function standing(items: readonly ContainmentWire[]): ContainmentWire | undefined {
  return items.find(
    ({ state, plan, expired }) => state !== 'released' && state !== 'refused' && !expired && plan.rung !== 'watch',
  )
}

/** How hard an agent is held, how sure that is, and until when; nothing where it is not held. */
export function ContainmentBadge({ agent }: { readonly agent: string }) {
  const { data } = useQuery(queries.containments(agent))
  const held = data === undefined ? undefined : standing(data.items)
  if (held === undefined) return null
  return (
    <Link
      to={paths.agentContainment}
      params={{ agent }}
      className={`badge ${held.state === 'confirmed' ? 'badge-warn' : 'badge-bad'}`}
    >
      <Icon name="warning" className="size-3" />
      {held.plan.rung} {held.state}
      {held.endsAt === undefined ? (
        ', until released'
      ) : (
        <>
          {' '}
          until <Time at={held.endsAt} />
        </>
      )}
    </Link>
  )
}
